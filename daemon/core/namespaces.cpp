// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/namespaces.hpp"

#include "common/quote.hpp"
#include "daemon/core/holders.hpp"
#include "daemon/core/keeping.hpp"
#include "daemon/core/link_recovery.hpp"
#include "daemon/core/namespaces_impl.hpp"
#include "daemon/core/publication.hpp"
#include "daemon/core/record_edit.hpp"
#include "daemon/core/recovery.hpp"

#include <map>
#include <string>
#include <utility>

namespace nsd {
namespace {

constexpr std::uint32_t maxPage = 500;

} // namespace

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

Definition Namespaces::definition(const Uuid& uuid) const {
    return impl_->declarations.describe(impl_->get(uuid));
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
    if (const auto* record = findByUuid(uuid))
        findHolders(impl_->core, *record, std::move(done));
    else
        impl_->answerLater<std::vector<Holder>>(std::move(done), Impl::noSuch(uuid));
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
