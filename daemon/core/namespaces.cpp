// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/namespaces.hpp"

#include "common/quote.hpp"
#include "daemon/core/core.hpp"
#include "daemon/core/creation.hpp"
#include "daemon/core/destruction.hpp"
#include "daemon/core/meta.hpp"
#include "daemon/core/recovery.hpp"
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

} // namespace

class Namespaces::Impl {
  public:
    Impl(Loop& loop, Kernel& kernel, Log& log, UniqueFd directory)
        : core(loop, kernel, log, std::move(directory), [this](const Uuid& uuid) { expire(uuid); }) {}

    NamespaceRecord& get(const Uuid& uuid);
    // Busy while its destruction is under way.
    NamespaceRecord& getSettled(const Uuid& uuid);
    void create(CreateRequest request, Completion<Uuid> done);
    void createOnce(CreateRequest request, std::uint64_t digest, const Completion<Uuid>& done);
    void destroy(const Uuid& uuid, const DestroyOptions& options, Completion<DestroyResult> done);
    void expire(const Uuid& uuid);
    template <class T>
    void answerLater(Completion<T> done, Outcome<T> outcome) {
        core.loop.post([done = std::move(done), outcome = std::move(outcome)] { done(outcome); });
    }

    std::map<RequestId, std::uint64_t> digests; // of the creations with a request id, under way
    WaitingCalls<RequestId, Uuid> creations;
    WaitingCalls<Uuid, DestroyResult> destructions;
    Core core; // last: its operations call back into the rest
};

NamespaceRecord& Namespaces::Impl::get(const Uuid& uuid) {
    if (auto* record = core.registry.find(uuid))
        return *record;
    throw noSuchUuid(uuid);
}

NamespaceRecord& Namespaces::Impl::getSettled(const Uuid& uuid) {
    auto& record = get(uuid);
    if (destructions.contains(uuid))
        throw Error(Errc::Busy, quoted(record.name.str()) + " is being destroyed");
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
        const auto digest = requestDigest(request);
        if (request.requestId.empty())
            Creation::start(core, std::move(request), digest, done);
        else
            createOnce(std::move(request), digest, done);
    } catch (const Error& error) {
        answerLater<Uuid>(std::move(done), error);
    }
}

void Namespaces::Impl::createOnce(CreateRequest request, std::uint64_t digest, const Completion<Uuid>& done) {
    const RequestId id{request.caller, request.requestId};
    const auto checkSame = [&](std::uint64_t earlier) {
        if (earlier != digest)
            throw Error(Errc::InvalidArgument,
                "request-id " + quoted(id.id) + " was used before, with other arguments");
    };
    if (const auto* record = core.registry.find(id)) {
        checkSame(record->requestDigest);
        answerLater<Uuid>(done, getSettled(record->uuid).uuid);
        return;
    }
    if (const auto earlier = digests.find(id); earlier != digests.end()) {
        checkSame(earlier->second);
    } else {
        Creation::start(core, std::move(request), digest, [this, id](const Outcome<Uuid>& outcome) {
            digests.erase(id);
            creations.answer(id, outcome);
        });
        digests.emplace(id, digest);
    }
    creations.add(id, done);
}

void Namespaces::Impl::destroy(
    const Uuid& uuid, const DestroyOptions& options, Completion<DestroyResult> done) {
    try {
        static_cast<void>(get(uuid));
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

Namespaces::Namespaces(Loop& loop, Kernel& kernel, Log& log, UniqueFd directory)
    : impl_(std::make_unique<Impl>(loop, kernel, log, std::move(directory))) {}

Namespaces::~Namespaces() = default;

void Namespaces::attach(Events* events) noexcept {
    impl_->core.events = events;
}

Quotas& Namespaces::quotas() noexcept {
    return impl_->core.quotas;
}

std::vector<Quarantined> Namespaces::recover() {
    return Recovery(impl_->core).run();
}

const NamespaceRecord& Namespaces::find(const Name& name) const {
    if (const auto* record = impl_->core.registry.find(name.str()))
        return *record;
    throw Error(Errc::NoSuchNamespace, "there is no namespace " + quoted(name.str()));
}

const NamespaceRecord* Namespaces::findByUuid(const Uuid& uuid) const noexcept {
    return impl_->core.registry.find(uuid);
}

std::size_t Namespaces::count() const noexcept {
    return impl_->core.registry.size();
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
    auto& core = impl_->core;
    auto& record = impl_->getSettled(uuid);
    const auto reservation = core.registry.reserve(to);
    core.store.rename(record.name, to);
    core.registry.rename(record, to);
    core.changed(record, "renamed");
}

void Namespaces::setLabels(const Uuid& uuid, Labels labels) {
    auto& core = impl_->core;
    auto& record = impl_->getSettled(uuid);
    validateLabels(labels);
    std::swap(record.labels, labels);
    try {
        core.store.replaceMeta(record.name, writeMeta(record, core.bootId));
    } catch (const Error&) {
        record.labels = std::move(labels);
        throw;
    }
    core.changed(record, "labels");
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
    impl_->core.kernel.findHolders(identities, std::move(done));
}

} // namespace nsd
