// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/destruction.hpp"

#include "common/quote.hpp"
#include "daemon/core/dismantling.hpp"
#include "daemon/core/publication.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nsd {
namespace {

using std::chrono::microseconds;

// Killing takes rounds whatever the caller is ready to wait for the kernel afterwards.
constexpr microseconds leastKillPatience{1'000'000};
// A time that nobody sees the end of, and that a clock can still be added to.
constexpr microseconds mostPatience = std::chrono::hours(24 * 365);

Released sumOf(const std::map<NamespaceType, Released>& released) {
    const auto any = [&](Released wanted) {
        return std::any_of(
            released.begin(), released.end(), [&](const auto& entry) { return entry.second == wanted; });
    };
    if (any(Released::No))
        return Released::No;
    return released.empty() || any(Released::Unknown) ? Released::Unknown : Released::Yes;
}

} // namespace

void Destruction::start(
    Core& core, const Uuid& uuid, const DestroyOptions& options, Completion<DestroyResult> done) {
    auto& started = core.operations.start<Destruction>(core, uuid, options, std::move(done));
    try {
        started.openPins();
        if (options.force)
            started.killMembers();
        else
            started.returnLinks();
    } catch (const Error&) {
        core.operations.finish(started);
        throw;
    }
}

Destruction::Destruction(
    Core& core, const Uuid& uuid, const DestroyOptions& options, Completion<DestroyResult> done)
    : core_(core),
      uuid_(uuid),
      options_(options),
      done_(std::move(done)),
      deadline_(core.loop.now() + std::clamp(options.patience, microseconds{0}, mostPatience)) {}

void Destruction::openPins() {
    const auto& record = *core_.registry.find(uuid_);
    directory_ = core_.store.openDirectory(record.name.str());
    for (const auto& [type, expected] : record.identities) {
        auto pin = core_.store.openAnyPin(directory_.get(), type);
        if (!pin)
            continue;
        if (const auto identity = core_.kernel.identify(pin.get()); identity.sameAs(expected))
            identities_.push_back(identity);
        fds_.emplace(type, std::move(pin));
    }
}

void Destruction::killMembers() {
    // Process 1 of an adopted pid namespace is a member as any other.
    std::vector<pid_t> spared;
    const bool adopted = core_.registry.find(uuid_)->origin == Origin::Adopted;
    if (const auto* init = core_.inits.find(uuid_); init != nullptr && !adopted)
        spared.push_back(init->pid);
    core_.kernel.killMembers(identities_, spared, std::max(deadline_ - core_.loop.now(), leastKillPatience),
        then(*this, &Destruction::onKilled));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void Destruction::onKilled(Outcome<std::vector<Holder>> outcome) {
    // Name and pins go in every case; who could not be killed is a holder in the answer.
    if (!outcome.ok())
        core_.log.warning(
            "members of namespace " + uuid_.str() + " could not be killed: " + outcome.error().text());
    try {
        returnLinks();
    } catch (const Error& error) {
        finish(error);
    }
}

void Destruction::returnLinks() {
    if (core_.registry.find(uuid_)->borrowedLinks.empty() && !core_.linkTurns.isTaken(uuid_)) {
        commit();
        return;
    }
    core_.linkTurns.take(uuid_, then(*this, &Destruction::onTurn));
}

void Destruction::onTurn(LinkTurns::TurnPtr turn) {
    turn_ = std::move(turn);
    Homecoming::start(
        core_, uuid_, core_.registry.find(uuid_)->borrowedLinks, then(*this, &Destruction::onLinksHome));
}

void Destruction::onLinksHome(Outcome<std::vector<Homecoming::Home>> outcome) {
    if (outcome.ok()) {
        for (const auto& [link, returned] : outcome.value())
            result_.warnings.insert(result_.warnings.end(), returned.remarks.begin(), returned.remarks.end());
        tryCommit();
    } else if (options_.force || options_.unit) {
        // Hardware falls to the host with the namespace, as the kernel has it; what is virtual is gone.
        core_.log.warning(
            "namespace " + uuid_.str() + " is destroyed all the same: " + outcome.error().text());
        result_.warnings.push_back(outcome.error().text());
        tryCommit();
    } else {
        finish(outcome.error());
    }
}

void Destruction::tryCommit() {
    try {
        commit();
    } catch (const Error& error) {
        finish(error);
    }
}

// The definition first: what is half destroyed must not come back at the next start.
void Destruction::unpublish(const NamespaceRecord& record) {
    const bool persistent = record.lifetime == Lifetime::Persistent;
    if (persistent)
        core_.definitions.remove(record.name);
    try {
        core_.store.unpublish(record.name, uuid_);
    } catch (const Error&) {
        if (persistent)
            core_.definitions.write(record.name, record);
        throw;
    }
}

void Destruction::commit() {
    const auto& record = *core_.registry.find(uuid_);
    auto controlGroup = record.controlGroup;
    const bool adopted = record.origin == Origin::Adopted;
    unpublish(record);
    hidePublicNames(core_, record);

    auto init = core_.dismiss(uuid_, options_.by);
    if (adopted) // nobody told it to end, and nobody but its own members may
        init.reset();
    Dismantling::start(core_,
        {.area = PinStore::Area::Trash,
            .uuid = uuid_,
            .directory = std::move(directory_),
            .fds = std::move(fds_),
            .init = std::move(init),
            .endInit = options_.force,
            .controlGroup = std::move(controlGroup),
            .deadline = deadline_},
        [this, alive = weak_from_this()](auto ended) {
            if (const auto self = alive.lock())
                onDismantled(std::move(ended));
        });
}

void Destruction::onDismantled(Dismantling::Ended ended) {
    const auto& released = ended.released;
    result_.warnings.insert(result_.warnings.end(), std::make_move_iterator(ended.warnings.begin()),
        std::make_move_iterator(ended.warnings.end()));
    result_.released = sumOf(released);
    if (result_.released != Released::No) {
        finish(result_);
        return;
    }
    std::erase_if(identities_, [&](const auto& identity) {
        const auto answer = released.find(identity.type);
        return answer == released.end() || answer->second != Released::No;
    });
    core_.kernel.findHolders({identities_}, {}, then(*this, &Destruction::onHolders));
}

void Destruction::onHolders(Outcome<std::vector<Holder>> outcome) {
    if (outcome.ok())
        result_.holders = std::move(outcome).value();
    else
        core_.log.warning(
            "holders of namespace " + uuid_.str() + " are not known: " + outcome.error().text());
    finish(result_);
}

void Destruction::finish(const Outcome<DestroyResult>& outcome) {
    const auto done = std::move(done_);
    core_.operations.finish(*this);
    done(outcome);
}

} // namespace nsd
