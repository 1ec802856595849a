// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"
#include "daemon/core/declarations.hpp"
#include "daemon/core/link_desk.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/repeated_requests.hpp"
#include "daemon/core/waiting_calls.hpp"

#include <cstdint>
#include <utility>

namespace nsd {

// What stands behind Namespaces (daemon/core/namespaces): the parts, and those calls that begin something
// which others may be waiting for already.
class Namespaces::Impl {
  public:
    Impl(Loop& loop, Kernel& kernel, Links& theLinks, Log& log, UniqueFd directory)
        : core(loop, kernel, theLinks, log, std::move(directory),
              [this](const Uuid& uuid) { expire(uuid); }) {}

    [[nodiscard]] static Error noSuch(const Uuid& uuid);
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

} // namespace nsd
