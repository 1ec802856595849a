// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/namespaces.hpp"

#include "common/quote.hpp"
#include "daemon/core/adoption.hpp"
#include "daemon/core/core.hpp"
#include "daemon/core/creation.hpp"
#include "daemon/core/destruction.hpp"
#include "daemon/core/grants.hpp"
#include "daemon/core/keeping.hpp"
#include "daemon/core/link_recovery.hpp"
#include "daemon/core/publication.hpp"
#include "daemon/core/record_edit.hpp"
#include "daemon/core/recovery.hpp"
#include "daemon/core/repeated_requests.hpp"
#include "daemon/core/request_digest.hpp"
#include "daemon/core/waiting_calls.hpp"

#include <map>
#include <string>
#include <utility>

namespace nsd {
namespace {

constexpr std::uint32_t maxPage = 500;
constexpr std::chrono::microseconds retryOfExpiry{10'000'000};

Error noSuchUuid(const Uuid& uuid) {
    return {Errc::NoSuchNamespace, "there is no namespace with UUID " + uuid.str()};
}

std::vector<Holder> leaseHolders(const std::map<std::uint32_t, LeaseHolder>& leases) {
    std::vector<Holder> holders;
    for (const auto& [number, holder] : leases) {
        auto& row = holders.emplace_back();
        row.kind = "lease";
        row.detail = "lease " + std::to_string(number) + " of uid " + std::to_string(holder.uid) +
                     ", given to " + holder.ground;
        row.uid = holder.uid;
    }
    return holders;
}

} // namespace

class Namespaces::Impl {
  public:
    Impl(Loop& loop, Kernel& kernel, Links& theLinks, Log& log, UniqueFd directory)
        : core(loop, kernel, theLinks, log, std::move(directory),
              [this](const Uuid& uuid) { expire(uuid); }) {}

    NamespaceRecord& get(const Uuid& uuid);
    // Busy while its destruction is under way, and before it is made.
    NamespaceRecord& getSettled(const Uuid& uuid);
    void create(CreateRequest request, Completion<Uuid> done);
    void adopt(AdoptRequest request, Completion<Uuid> done);
    // Starts it, unless the same caller asked for the same under the same request id.
    void once(const RequestId& id, std::uint64_t digest, const RepeatedRequests::Start& start,
        const Completion<Uuid>& done);
    void destroy(const Uuid& uuid, const DestroyOptions& options, Completion<DestroyResult> done);
    void expire(const Uuid& uuid);
    void createForUnit(CreateRequest request, Completion<Uuid> done);
    template <class T>
    void answerLater(Completion<T> done, Outcome<T> outcome) {
        core.loop.post([done = std::move(done), outcome = std::move(outcome)] { done(outcome); });
    }

    RepeatedRequests requests;
    WaitingCalls<Uuid, DestroyResult> destructions;
    WaitingCalls<Name, Uuid> unitStarts;
    Declarations declarations{core};
    LinkDesk links{core};
    Core core; // last: its operations call back into the rest
};

// NOLINTNEXTLINE(readability-make-member-function-const): whoever gets a record may change it
NamespaceRecord& Namespaces::Impl::get(const Uuid& uuid) {
    if (auto* record = core.registry.find(uuid))
        return *record;
    throw noSuchUuid(uuid);
}

NamespaceRecord& Namespaces::Impl::getSettled(const Uuid& uuid) {
    auto& record = get(uuid);
    if (destructions.contains(uuid))
        throw Error(Errc::Busy, quoted(record.name.str()) + " is being destroyed");
    if (record.state == State::Pending)
        throw Error(Errc::Busy, quoted(record.name.str()) + " is declared, but not made yet" +
                                    (record.trouble.empty() ? "" : ": " + record.trouble));
    return record;
}

void Namespaces::Impl::create(CreateRequest request, Completion<Uuid> done) {
    try {
        validate(request);
        for (const auto type : request.spec.types)
            if (!core.kernel.supportedTypes().contains(type))
                throw Error(Errc::TypeNotSupported, "this kernel has no namespaces of type " +
                                                        std::string(toWord(type)) + "; it has " +
                                                        describe(core.kernel.supportedTypes()));
        if (request.persistent)
            checkNotDeclared(declarations, request.name);
        const auto digest = requestDigest(request);
        const RequestId id{request.caller, request.requestId};
        once(
            id, digest,
            [&](Completion<Uuid> published) {
                Creation::start(core, std::move(request), digest, std::move(published));
            },
            done);
    } catch (const Error& error) {
        answerLater<Uuid>(std::move(done), error);
    }
}

void Namespaces::Impl::createForUnit(CreateRequest request, Completion<Uuid> done) {
    try {
        const auto name = request.name;
        if (core.registry.find(name.str()) == nullptr)
            declarations.declareForUnit(name);
        if (const auto* record = core.registry.find(name.str())) {
            if (record->state == State::Pending)
                declarations.await(*record, std::move(done));
            else
                answerLater<Uuid>(std::move(done), getSettled(record->uuid).uuid);
            return;
        }
        if (!unitStarts.contains(name)) {
            request.origin = Origin::Unit;
            create(std::move(request),
                [this, name](const Outcome<Uuid>& outcome) { unitStarts.answer(name, outcome); });
        }
        unitStarts.add(name, std::move(done));
    } catch (const Error& error) {
        answerLater<Uuid>(std::move(done), error);
    }
}

void Namespaces::Impl::adopt(AdoptRequest request, Completion<Uuid> done) {
    try {
        validate(request.request);
        const auto digest = requestDigest(request.request, request.facts);
        const RequestId id{request.request.caller, request.request.requestId};
        once(
            id, digest,
            [&](Completion<Uuid> published) {
                Adoption::start(core, std::move(request), digest, std::move(published));
            },
            done);
    } catch (const Error& error) {
        answerLater<Uuid>(std::move(done), error);
    }
}

void Namespaces::Impl::once(const RequestId& id, std::uint64_t digest, const RepeatedRequests::Start& start,
    const Completion<Uuid>& done) {
    if (id.id.empty()) {
        start(done);
    } else if (const auto* record = core.registry.find(id)) {
        RepeatedRequests::checkSame(id, record->requestDigest, digest);
        answerLater<Uuid>(done, getSettled(record->uuid).uuid);
    } else {
        requests.run(id, digest, start, done);
    }
}

void Namespaces::Impl::destroy(
    const Uuid& uuid, const DestroyOptions& options, Completion<DestroyResult> done) {
    try {
        const auto& record = get(uuid);
        if (options.unit && record.origin != Origin::Unit) {
            answerLater<DestroyResult>(std::move(done), leftAlone(record));
            return;
        }
        if (!options.force && !options.unit)
            checkNotKept(declarations, record);
        if (record.state == State::Pending) {
            declarations.giveUp(record, options.by);
            answerLater<DestroyResult>(std::move(done), DestroyResult{.released = Released::Yes});
            return;
        }
        if (record.lifetime == Lifetime::Persistent)
            declarations.forget(record.name);
        if (!destructions.contains(uuid))
            Destruction::start(core, uuid, options,
                [this, uuid](const Outcome<DestroyResult>& outcome) { destructions.answer(uuid, outcome); });
        destructions.add(uuid, done);
    } catch (const Error& error) {
        answerLater<DestroyResult>(std::move(done), error);
    }
}

void Namespaces::Impl::expire(const Uuid& uuid) {
    destroy(uuid, {}, [this, uuid](const Outcome<DestroyResult>& outcome) {
        if (outcome.ok() || core.registry.find(uuid) == nullptr)
            return;
        core.log.warning("namespace " + uuid.str() +
                         " is over its time but could not be destroyed: " + outcome.error().text());
        core.lifetimes.schedule(uuid, core.loop.now() + retryOfExpiry);
    });
}

Namespaces::Namespaces(Loop& loop, Kernel& kernel, Links& links, Log& log, UniqueFd directory)
    : impl_(std::make_unique<Impl>(loop, kernel, links, log, std::move(directory))) {}

Namespaces::~Namespaces() = default;

void Namespaces::attach(Events* events) {
    impl_->core.events.add(events);
}

void Namespaces::detach(const Events* events) noexcept {
    impl_->core.events.remove(events);
}

void Namespaces::useNetRegister(NetRegister& all) noexcept {
    impl_->core.netRegister = &all;
}

std::string Namespaces::publicPath(const NamespaceRecord& record) const noexcept {
    return nsd::publicPath(impl_->core, record);
}

EtcCustody& Namespaces::etc() noexcept {
    return impl_->core.etc;
}

Quotas& Namespaces::quotas() noexcept {
    return impl_->core.quotas;
}

LinkDesk& Namespaces::links() noexcept {
    return impl_->links;
}

std::vector<Quarantined> Namespaces::recover() {
    auto leftovers = Recovery(impl_->core).run();
    LinkRecovery::startAll(impl_->core);
    return leftovers;
}

void Namespaces::useNetworkPlugins(NetworkPlugins& plugins) noexcept {
    impl_->core.networks.use(plugins);
}

void Namespaces::useStateDirectory(const std::string& directory) {
    impl_->core.definitions.useDirectory(directory);
    impl_->core.networks.useStateDirectory(directory);
}

void Namespaces::detachForgotten() {
    impl_->core.networks.detachForgotten(
        [this](const Uuid& uuid) { return impl_->core.registry.find(uuid) != nullptr; });
}

void Namespaces::declare(Definitions definitions) {
    impl_->declarations.replace(std::move(definitions));
}

void Namespaces::carryOutDeclarations() {
    impl_->declarations.carryOut();
}

const NamespaceRecord& Namespaces::find(const Name& name) const {
    if (const auto* record = impl_->core.registry.find(name.str()))
        return *record;
    throw Error(Errc::NoSuchNamespace, "there is no namespace " + quoted(name.str()));
}

bool Namespaces::has(const Name& name) const noexcept {
    return impl_->core.registry.find(name.str()) != nullptr;
}

const NamespaceRecord* Namespaces::findByUuid(const Uuid& uuid) const noexcept {
    return impl_->core.registry.find(uuid);
}

std::size_t Namespaces::count() const noexcept {
    return impl_->core.registry.size();
}

std::size_t Namespaces::leaseCount() const noexcept {
    return impl_->core.leases.total();
}

std::vector<const NamespaceRecord*> Namespaces::list(const ListOptions& options) const {
    if (options.limit == 0 || options.limit > maxPage)
        throw Error(Errc::InvalidArgument,
            "limit of " + std::to_string(options.limit) + " is not from 1 to " + std::to_string(maxPage));
    return impl_->core.registry.list(options);
}

const NamespaceRecord* Namespaces::identify(const NamespaceIdentity& identity) const noexcept {
    return impl_->core.registry.find(identity);
}

void Namespaces::create(CreateRequest request, Completion<Uuid> done) {
    impl_->create(std::move(request), std::move(done));
}

void Namespaces::createForUnit(CreateRequest request, Completion<Uuid> done) {
    impl_->createForUnit(std::move(request), std::move(done));
}

AdoptionFacts Namespaces::inspect(const OpenedNamespaces& fds) const {
    return nsd::inspect(impl_->core.kernel, fds);
}

void Namespaces::adopt(AdoptRequest request, Completion<Uuid> done) {
    impl_->adopt(std::move(request), std::move(done));
}

void Namespaces::openSocket(
    const Uuid& uuid, const SocketSpec& socket, const UserIds& ids, Completion<UniqueFd> done) {
    auto net = std::move(open(uuid, {NamespaceType::Net}).at(NamespaceType::Net));
    impl_->core.kernel.openSocket(std::move(net), socket, ids, std::move(done));
}

std::map<NamespaceType, UniqueFd> Namespaces::open(const Uuid& uuid, NamespaceTypes types) {
    auto& core = impl_->core;
    const auto& record = impl_->getSettled(uuid);
    if (types.empty())
        types = record.types();
    std::map<NamespaceType, UniqueFd> fds;
    for (const auto type : types) {
        if (!record.types().contains(type))
            throw Error(Errc::TypeNotPresent, quoted(record.name.str()) + " has no type " +
                                                  std::string(toWord(type)) + "; it has " +
                                                  describe(record.types()));
        if (type == NamespaceType::Pid && core.inits.find(uuid) == nullptr)
            throw Error(Errc::Degraded, "the init of " + quoted(record.name.str()) +
                                            " is dead: its pid namespace takes no process any more");
        try {
            fds.emplace(type, core.store.openPin(record.name, record.identities.at(type)));
        } catch (const Error& error) {
            if (error.code() == Errc::Degraded)
                core.degrade(uuid);
            throw;
        }
    }
    return fds;
}

void Namespaces::rename(const Uuid& uuid, const Name& to) {
    auto& record = impl_->getSettled(uuid);
    checkNotKept(impl_->declarations, record);
    if (record.lifetime != Lifetime::Persistent) {
        renameRecord(impl_->core, record, to);
        return;
    }
    checkNotDeclared(impl_->declarations, to);
    const auto from = record.name;
    renameRecord(impl_->core, record, to);
    impl_->declarations.forget(from);
}

void Namespaces::setLabels(const Uuid& uuid, Labels labels) {
    changeLabels(impl_->core, impl_->getSettled(uuid), std::move(labels));
}

void Namespaces::setGrants(const Uuid& uuid, std::vector<Grant> grants) {
    changeGrants(impl_->core, impl_->getSettled(uuid), std::move(grants));
}

void Namespaces::destroy(const Uuid& uuid, DestroyOptions options, Completion<DestroyResult> done) {
    impl_->destroy(uuid, options, std::move(done));
}

void Namespaces::holders(const Uuid& uuid, Completion<std::vector<Holder>> done) {
    const auto* record = findByUuid(uuid);
    if (record == nullptr) {
        impl_->answerLater<std::vector<Holder>>(std::move(done), noSuchUuid(uuid));
        return;
    }
    std::vector<NamespaceIdentity> identities;
    for (const auto& [type, identity] : record->identities)
        identities.push_back(identity);
    auto leases = leaseHolders(impl_->core.leases.holders(uuid));
    impl_->core.kernel.findHolders(identities,
        [leases = std::move(leases), done = std::move(done)](Outcome<std::vector<Holder>> outcome) {
            if (outcome.ok())
                outcome.value().insert(outcome.value().end(), leases.begin(), leases.end());
            done(std::move(outcome));
        });
}

UniqueFd Namespaces::hold(const Uuid& uuid, const Caller& caller) {
    auto& core = impl_->core;
    const auto& record = impl_->getSettled(uuid);
    const LeaseHolder holder{caller.uid, caller.ground};
    auto lease = core.leases.open(uuid, record.name, holder);
    core.schedule(record);
    core.events.tell([&](Events& listener) { listener.leaseGiven(record, lease.number, holder); });
    return std::move(lease.writer);
}

} // namespace nsd
