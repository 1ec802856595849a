// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/new_namespace.hpp"

#include <utility>

namespace nsd {
namespace {

// With lifetime lease: for whoever asked for it to come back for the lease.
constexpr std::chrono::seconds firstLeasePatience{30};

std::uint64_t realtimeMicroseconds() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

Quotas::Share takeShare(Quotas& quotas, const CreateRequest& request) {
    return request.caller == 0 ? quotas.count(request.owner, Quota::Namespaces)
                               : quotas.take(request.owner, Quota::Namespaces);
}

} // namespace

Arrival::Arrival(Core& core, const CreateRequest& request, Completion<Uuid> done)
    : core_(core),
      done_(std::move(done)),
      // A pending one has its name already, and its share.
      reservation_(request.pending ? nullptr : core.registry.reserve(request.name)),
      share_(request.pending ? Quotas::Share() : takeShare(core.quotas, request)) {}

void Arrival::finish(const Operation& operation, const Outcome<Uuid>& outcome) {
    const auto done = std::move(done_);
    reservation_.reset();
    share_.giveBack();
    core_.operations.finish(operation);
    done(outcome);
}

NamespaceRecord newRecord(
    const CreateRequest& request, std::uint64_t digest, const Uuid& uuid, std::chrono::microseconds now) {
    NamespaceRecord record{.uuid = uuid,
        .name = request.name,
        .spec = request.spec,
        .owner = request.owner,
        .labels = request.labels,
        .grants = request.grants,
        .origin = request.origin,
        .lifetime = request.persistent ? Lifetime::Persistent : Lifetime::Manual,
        .declared = request.declared};
    record.spec.ownerGroup.reset(); // of the making alone
    record.spec.ownerMaySetGroups = false;
    record.cni = request.cni;
    record.createdRealtime = realtimeMicroseconds();
    if (request.ttl) {
        record.lifetime = Lifetime::Ttl;
        record.ttl = request.ttl;
        record.deadline = now + *request.ttl;
    }
    if (request.lease) {
        record.lifetime = Lifetime::Lease;
        record.leaseDeadline = now + firstLeasePatience;
    }
    if (request.publish)
        record.publicNames = {request.name};
    if (!request.requestId.empty()) {
        record.request = RequestId{request.caller, request.requestId};
        record.requestDigest = digest;
    }
    return record;
}

} // namespace nsd
