// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/new_namespace.hpp"

namespace nsd {
namespace {

// With lifetime lease: for whoever asked for it to come back for the lease.
constexpr std::chrono::seconds firstLeasePatience{30};

std::uint64_t realtimeMicroseconds() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

} // namespace

Quotas::Share takeShare(Quotas& quotas, const CreateRequest& request) {
    return request.caller == 0 ? quotas.count(request.owner, Quota::Namespaces)
                               : quotas.take(request.owner, Quota::Namespaces);
}

NamespaceRecord newRecord(
    const CreateRequest& request, std::uint64_t digest, const Uuid& uuid, std::chrono::microseconds now) {
    NamespaceRecord record{.uuid = uuid,
        .name = request.name,
        .spec = request.spec,
        .owner = request.owner,
        .labels = request.labels};
    record.spec.ownerGroup.reset(); // of the making alone
    record.spec.ownerMaySetGroups = false;
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
    if (!request.requestId.empty()) {
        record.request = RequestId{request.caller, request.requestId};
        record.requestDigest = digest;
    }
    return record;
}

} // namespace nsd
