// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/creation.hpp"

#include "common/quote.hpp"
#include "daemon/core/dismantling.hpp"
#include "daemon/core/meta.hpp"
#include "daemon/core/owner_maps.hpp"
#include "daemon/core/publication.hpp"

#include <cerrno>
#include <string>
#include <utility>

namespace nsd {
namespace {

// Enough to meet a CPU whose batch of mount namespace ids is young enough (Linux 6.18).
constexpr unsigned maxAttempts = 8;

} // namespace

void Creation::start(Core& core, CreateRequest request, std::uint64_t digest, Completion<Uuid> done) {
    core.operations.start<Creation>(core, std::move(request), digest, std::move(done)).begin();
}

Creation::Creation(Core& core, CreateRequest request, std::uint64_t digest, Completion<Uuid> done)
    : core_(core), request_(std::move(request)), digest_(digest), arrival_(core, request_, std::move(done)) {}

void Creation::begin() {
    if (needsOwnersEntry(request_))
        core_.kernel.lookUpUser(request_.owner, then(*this, &Creation::onOwner));
    else
        make();
}

void Creation::onOwner(Outcome<UserEntry> outcome) {
    try {
        completeForOwner(request_, outcome.value());
    } catch (const Error& error) {
        finish(error);
        return;
    }
    make();
}

void Creation::make() {
    if (request_.persistent)
        request_.spec = withExplicitMaps(std::move(request_.spec));
    // Each attempt is somebody else: the control group of the last one may still be going.
    uuid_ = Uuid::random();
    tooOld_ = false;
    core_.kernel.make(uuid_, request_.spec, attempt_, then(*this, &Creation::onMade));
}

void Creation::onMade(Outcome<MadeNamespaces> outcome) {
    if (!outcome.ok()) {
        finish(outcome.error());
        return;
    }
    made_ = std::move(outcome).value();
    try {
        publish();
    } catch (const Error& error) {
        retire(error);
        return;
    }
    finish(request_.pending.value_or(uuid_));
}

void Creation::publish() {
    if (request_.pending && core_.registry.find(*request_.pending) == nullptr)
        throw Error(Errc::NoSuchNamespace,
            quoted(request_.name.str()) + " is no longer wanted: it was destroyed before it was made");
    directory_ = core_.store.stage(uuid_);
    for (const auto& [type, fd] : made_.fds)
        pin(type, fd.get());
    auto published = record();
    PinStore::writeMeta(directory_.get(), writeMeta(published, core_.bootId));
    if (made_.init)
        core_.kernel.settleInit(made_);
    const auto shown = showPublicName(core_, published, made_.fds);
    const auto kept = keepDefinition(published);
    core_.publish(uuid_, std::move(published), made_.init, request_.by);
    kept->dismiss();
    shown->dismiss();
}

// Taken back when what it answers goes. That of a declared one is there, and stays whatever happens.
std::unique_ptr<ScopeGuard> Creation::keepDefinition(const NamespaceRecord& record) {
    auto kept = std::make_unique<ScopeGuard>(nullptr);
    if (!request_.persistent)
        return kept;
    try {
        core_.definitions.write(record.name, record);
        if (!request_.pending)
            kept = std::make_unique<ScopeGuard>(
                [this] { core_.definitions.tryRemove(request_.name, core_.log); });
    } catch (const Error& error) {
        if (!request_.pending)
            throw;
        core_.log.warning(error.text());
    }
    return kept;
}

void Creation::pin(NamespaceType type, int nsFd) {
    try {
        core_.kernel.bindPin(nsFd, directory_.get(), std::string(toWord(type)));
    } catch (const Error& error) {
        tooOld_ = type == NamespaceType::Mnt && error.errnoValue() == EINVAL;
        throw;
    }
}

NamespaceRecord Creation::record() const {
    auto record = newRecord(request_, digest_, request_.pending.value_or(uuid_), core_.loop.now());
    // The maker unshares the user namespace with the owner's euid.
    if (request_.spec.types.contains(NamespaceType::User))
        record.userNamespaceOwner = request_.owner;
    for (const auto& [type, fd] : made_.fds)
        record.identities.emplace(type, core_.kernel.identify(fd.get()));
    record.number = numberOf(core_, made_.fds);
    record.controlGroup = made_.controlGroup;
    record.initPid = made_.init ? made_.init->pid : 0;
    return record;
}

void Creation::retire(const Error& error) {
    const bool again = tooOld_ && attempt_ + 1 < maxAttempts;
    auto made = std::exchange(made_, {});
    Dismantling::start(core_,
        {.area = PinStore::Area::Stage,
            .uuid = uuid_,
            .directory = std::move(directory_),
            .fds = std::move(made.fds),
            .init = std::move(made.init),
            .endInit = true,
            .controlGroup = std::move(made.controlGroup),
            .deadline = core_.loop.now()},
        [this, alive = weak_from_this(), again, error](const auto& /*released*/) {
            const auto self = alive.lock();
            if (!self)
                return;
            if (!again) {
                finish(error);
                return;
            }
            ++attempt_;
            make();
        });
}

void Creation::finish(const Outcome<Uuid>& outcome) {
    // The pins hold the namespaces now, so that no descriptor dropped here is the last reference.
    arrival_.finish(*this, outcome);
}

} // namespace nsd
