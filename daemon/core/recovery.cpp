// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/recovery.hpp"

#include "common/quote.hpp"
#include "daemon/core/dismantling.hpp"
#include "daemon/core/meta.hpp"
#include "daemon/core/publication.hpp"

#include <utility>

namespace nsd {
namespace {

// As long as a predecessor would have waited for a Destroy without a timeout of its own.
constexpr std::chrono::microseconds patience{5'000'000};

} // namespace

std::vector<Quarantined> Recovery::run() {
    // Leftovers first: a name that one of them holds on to is free then.
    for (const auto area : {PinStore::Area::Trash, PinStore::Area::Stage}) {
        const std::string prefix = area == PinStore::Area::Trash ? ".trash/" : ".stage/";
        each(
            core_.store.entries(area), prefix, [&](const std::string& entry) { sweep(area, entry); },
            [&](const std::string& entry) { return core_.store.quarantine(area, entry); });
    }
    each(
        core_.store.entries(), "", [&](const std::string& entry) { admit(entry); },
        [&](const std::string& entry) { return core_.store.quarantine(entry); });
    core_.kernel.sweepControlGroups(core_.registry.controlGroups());
    return std::move(bad_);
}

void Recovery::each(const std::vector<std::string>& entries, const std::string& prefix, const Work& work,
    const PutAside& putAside) {
    for (const auto& entry : entries) {
        std::string reason;
        try {
            try {
                work(entry);
                continue;
            } catch (const Error& error) {
                reason = error.text();
                if (error.code() == Errc::LimitExceeded)
                    throw; // nothing is known against it
            }
            reason += "; it is in .quarantine/" + putAside(entry);
        } catch (const Error& error) {
            reason += (reason.empty() ? "" : "; ") + std::string("it stays where it is: ") + error.text();
        }
        bad_.push_back({prefix + entry, std::move(reason)});
    }
}

// A directory of a namespace that was never published, or is no longer: what its Create or Destroy
// was killed in the middle of.
void Recovery::sweep(PinStore::Area area, const std::string& entry) {
    const auto uuid = Uuid::parse(entry);
    if (!uuid)
        throw Error(Errc::InvalidArgument, "it is not called by a UUID");
    auto directory = core_.store.openDirectory(area, entry);
    bool ours = false; // without a meta file it was never published: the init of nsd's ends by itself
    pid_t hint = 0;
    std::string controlGroup;
    std::vector<Name> publicNames;
    try {
        const auto meta = readMeta(PinStore::readMeta(directory.get()), Name(entry));
        publicNames = meta.record.publicNames;
        ours = meta.record.origin != Origin::Adopted;
        hint = meta.record.initPid;
        controlGroup = meta.record.controlGroup;
    } catch (const Error& error) {
        core_.log.debug("leftover " + entry + " without a meta file: " + error.text());
    }
    auto pins = openPins(directory.get());
    if (const auto net = pins.identities.find(NamespaceType::Net); net != pins.identities.end())
        hidePublicNames(core_, publicNames, net->second);
    auto init = ours ? findInit(pins, hint) : std::nullopt;
    core_.log.info("ending namespace " + entry + ", left half-done by a predecessor");
    Dismantling::start(core_,
        {.area = area,
            .uuid = *uuid,
            .directory = std::move(directory),
            .fds = std::move(pins.fds),
            .init = std::move(init),
            .endInit = area == PinStore::Area::Stage, // nobody can be in it
            .controlGroup = std::move(controlGroup),
            .deadline = core_.loop.now() + patience},
        [](const auto& /*ended*/) {});
}

void Recovery::admit(const std::string& entry) {
    const Name name(entry);
    const auto directory = core_.store.openDirectory(entry);
    FoundNamespace found{readMeta(PinStore::readMeta(directory.get()), name), {}, false};
    auto& record = found.meta.record;
    auto pins = openPins(directory.get());
    auto init = findInit(pins, record.initPid);
    found.pins = std::move(pins.identities);
    found.initAlive = init.has_value();

    const auto verdict = reconcile(found, core_.bootId);
    if (verdict.kind == Verdict::Kind::Quarantine)
        throw Error(Errc::InvalidArgument, verdict.reason);
    checkUnique(record);
    if (verdict.kind == Verdict::Kind::Degraded) {
        record.state = State::Degraded;
        core_.log.warning("namespace " + quoted(entry) + " is degraded: " + verdict.reason);
    }
    record.initPid = init ? init->pid : 0;
    record.number = numberOf(core_, pins.fds);
    record.networkResult = networkResultIn(directory.get());
    const auto leases = core_.leases.recover(record.uuid, directory.get());
    for (const auto& [leaf, reason] : leases.bad)
        bad_.push_back({std::string(entry).append("/").append(leaf), reason});
    const auto uuid = record.uuid;
    core_.admit(std::move(record), std::move(init));
    settlePublicName(core_, *core_.registry.find(uuid));
    // A Revoke may have been killed between the two things that it does.
    core_.revokeLeases(*core_.registry.find(uuid));
    if (leases.closed > 0 && core_.leases.count(uuid) == 0)
        core_.leasesEnded(uuid);
}

std::string Recovery::networkResultIn(int directory) const {
    try {
        return NetworkAttachments::resultIn(directory);
    } catch (const Error& error) {
        core_.log.warning(error.text());
        return {};
    }
}

Recovery::Pins Recovery::openPins(int directory) const {
    Pins pins;
    for (const auto type : allNamespaceTypes) {
        auto fd = core_.store.openAnyPin(directory, type);
        if (!fd)
            continue;
        pins.identities.emplace(type, core_.kernel.identify(fd.get()));
        pins.fds.emplace(type, std::move(fd));
    }
    return pins;
}

std::optional<InitProcess> Recovery::findInit(const Pins& pins, pid_t hint) const {
    const auto fd = pins.fds.find(NamespaceType::Pid);
    const auto identity = pins.identities.find(NamespaceType::Pid);
    if (fd == pins.fds.end() || identity->second.type != NamespaceType::Pid)
        return std::nullopt;
    return core_.kernel.findInit(fd->second.get(), hint);
}

// A copy of a directory, or a pin bound twice: the first one keeps what it has.
void Recovery::checkUnique(const NamespaceRecord& record) const {
    if (const auto* other = core_.registry.find(record.uuid))
        throw Error(Errc::InvalidArgument, "its UUID is that of " + quoted(other->name.str()));
    if (const auto named = core_.registry.findAny(record.identities))
        throw Error(Errc::InvalidArgument,
            "its " + std::string(toWord(named->type)) + " namespace is that of " + quoted(named->name));
}

} // namespace nsd
