// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/creation.hpp"

#include "common/quote.hpp"
#include "daemon/core/dismantling.hpp"
#include "daemon/core/link_rules.hpp"
#include "daemon/core/link_target.hpp"
#include "daemon/core/meta.hpp"
#include "daemon/core/owner_maps.hpp"
#include "daemon/core/publication.hpp"
#include "daemon/core/veth_making.hpp"

#include <cerrno>
#include <string>
#include <utility>

namespace nsd {
namespace {

// Enough to meet a CPU whose batch of mount namespace ids is young enough (Linux 6.18).
constexpr unsigned maxAttempts = 8;

// Where the other end of a link goes: the very namespace that the caller was found to have a right to, and
// for what a file declares the one that has the name now.
UniqueFd openPeer(Core& core, const CreateRequest& request, const LinkRequest& link) {
    if (link.peerNamespace.empty())
        return core.home.duplicate();
    if (const auto peer = request.peers.find(link.peerNamespace); peer != request.peers.end())
        return openNet(core, linkTarget(core, peer->second));
    if (const auto* record = core.registry.find(link.peerNamespace))
        return openNet(core, linkTarget(core, record->uuid));
    throw Error(Errc::NoSuchNamespace, "there is no namespace " + quoted(link.peerNamespace) +
                                           ", where the other end of link " + quoted(link.name) + " goes");
}

} // namespace

void Creation::start(Core& core, CreateRequest request, std::uint64_t digest, Completion<Uuid> done) {
    core.operations.start<Creation>(core, std::move(request), digest, std::move(done)).begin();
}

Creation::Creation(Core& core, CreateRequest request, std::uint64_t digest, Completion<Uuid> done)
    : core_(core), request_(std::move(request)), digest_(digest), arrival_(core, request_, std::move(done)) {}

void Creation::begin() {
    try {
        if (!request_.cni.empty())
            core_.networks.check(request_.cni);
    } catch (const Error& error) {
        core_.loop.post([answer = then(*this, &Creation::finish), error] { answer(error); });
        return;
    }
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
    if (core_.etc.isWanted(request_))
        core_.etc.make(request_, then(*this, &Creation::onEtc));
    else
        prepare();
}

void Creation::onEtc(Outcome<MadeEtc> outcome) {
    if (!outcome.ok()) {
        retire(outcome.error());
        return;
    }
    etc_ = std::move(outcome).value();
    prepare();
}

void Creation::prepare() {
    try {
        stage();
    } catch (const Error& error) {
        retire(error);
        return;
    }
    if (request_.spec.links.empty())
        attach();
    else
        makeLinks();
}

void Creation::stage() {
    directory_ = core_.store.stage(uuid_);
    for (const auto& [type, fd] : made_.fds)
        pin(type, fd.get());
    staged_ = record();
    core_.etc.place(etc_, directory_.get(), *staged_);
    PinStore::writeMeta(directory_.get(), writeMeta(*staged_, core_.bootId));
}

// Behind the pins, since what cannot be pinned is made again.
void Creation::makeLinks() {
    try {
        std::vector<VethMaking::Pair> pairs;
        for (const auto& link : request_.spec.links) {
            auto veth = vethOf(link);
            linked_.push_back({veth.inside.name.str(), veth.inside.mac});
            pairs.push_back({std::move(veth), openPeer(core_, request_, link)});
        }
        VethMaking::start(core_, made_.fds.at(NamespaceType::Net).duplicate(), std::move(pairs),
            then(*this, &Creation::onLinked));
    } catch (const Error& error) {
        linked_.clear();
        retire(error);
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void Creation::onLinked(Outcome<Done> outcome) {
    if (outcome.ok()) {
        attach();
    } else {
        linked_.clear();
        retire(outcome.error());
    }
}

// By plugins, as the last thing that may take long.
void Creation::attach() {
    if (request_.cni.empty()) {
        publish();
        return;
    }
    try {
        core_.networks.attach({directory_.get(), PinStore::pathOf(PinStore::Area::Stage, uuid_)},
            staged_->uuid, request_.name, request_.cni, then(*this, &Creation::onAttached));
    } catch (const Error& error) {
        abandon(error);
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void Creation::onAttached(Outcome<Done> outcome) {
    try {
        static_cast<void>(outcome.value());
        staged_->networkResult = NetworkAttachments::resultIn(directory_.get());
    } catch (const Error& error) {
        abandon(error);
        return;
    }
    publish();
}

void Creation::publish() {
    try {
        if (request_.pending && core_.registry.find(*request_.pending) == nullptr)
            throw Error(Errc::NoSuchNamespace,
                quoted(request_.name.str()) + " is no longer wanted: it was destroyed before it was made");
        if (made_.init)
            core_.kernel.settleInit(made_);
        const auto shown = showPublicName(core_, *staged_, made_.fds);
        const auto kept = keepDefinition(*staged_);
        core_.publish(uuid_, *std::move(staged_), made_.init, request_.by);
        kept->dismiss();
        shown->dismiss();
    } catch (const Error& error) {
        abandon(error);
        return;
    }
    finish(request_.pending.value_or(uuid_));
}

// The other ends of its links would be there until the kernel has ended the namespace.
void Creation::abandon(const Error& error) {
    if (linked_.empty()) {
        retire(error);
        return;
    }
    try {
        VethRemoval::start(core_, made_.fds.at(NamespaceType::Net).duplicate(), std::exchange(linked_, {}),
            [this, alive = weak_from_this(), error](const Outcome<Done>& /*outcome*/) {
                if (const auto self = alive.lock())
                    retire(error);
            });
    } catch (const Error& /*no descriptor is left*/) {
        retire(error);
    }
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
        [this, alive = weak_from_this(), again, error](const auto& /*ended*/) {
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
