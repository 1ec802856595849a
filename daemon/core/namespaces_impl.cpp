// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/namespaces_impl.hpp"

#include "common/quote.hpp"
#include "daemon/core/adoption.hpp"
#include "daemon/core/creation.hpp"
#include "daemon/core/destruction.hpp"
#include "daemon/core/keeping.hpp"
#include "daemon/core/request_digest.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace nsd {
namespace {

constexpr std::chrono::microseconds retryOfExpiry{10'000'000};

} // namespace

Error Namespaces::Impl::noSuch(const Uuid& uuid) {
    return {Errc::NoSuchNamespace, "there is no namespace with UUID " + uuid.str()};
}

// NOLINTNEXTLINE(readability-make-member-function-const): whoever gets a record may change it
NamespaceRecord& Namespaces::Impl::get(const Uuid& uuid) {
    if (auto* record = core.registry.find(uuid))
        return *record;
    throw noSuch(uuid);
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

} // namespace nsd
