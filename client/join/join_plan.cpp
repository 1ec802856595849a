// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/join/join_plan.hpp"

#include "common/error.hpp"

#include <array>

namespace nsd::client {
namespace {

// pid behind all that is counted for the caller; mnt behind everything that is found by path.
constexpr std::array orderInside{NamespaceType::Net, NamespaceType::Ipc, NamespaceType::Uts,
    NamespaceType::Cgroup, NamespaceType::Time, NamespaceType::Pid, NamespaceType::Mnt};
static_assert(orderInside.size() + 1 == allNamespaceTypes.size(), "all but user");

void refuseForeign(const JoinFacts& facts, NamespaceType type) {
    if (facts.types.contains(type) && facts.foreign.contains(type) &&
        !facts.types.contains(NamespaceType::User))
        throw Error(Errc::InvalidArgument, "its " + std::string(toWord(type)) +
                                               " belongs to a user namespace and can only be joined together "
                                               "with it (add user to the types)");
}

} // namespace

JoinPlan planJoin(const JoinFacts& facts) {
    refuseForeign(facts, NamespaceType::Mnt);
    refuseForeign(facts, NamespaceType::Pid);

    JoinPlan plan;
    plan.mapsIds = facts.types.contains(NamespaceType::User);
    plan.forks = facts.types.contains(NamespaceType::Pid);
    plan.privateProc = plan.forks && !facts.types.contains(NamespaceType::Mnt);
    plan.hasView = facts.hasView && !facts.types.contains(NamespaceType::Mnt);
    if (plan.mapsIds && !facts.privileged)
        plan.order.push_back(NamespaceType::User);
    for (const auto type : orderInside)
        if (facts.types.contains(type) || (plan.hasView && type == NamespaceType::Mnt))
            plan.order.push_back(type);
    if (plan.mapsIds && facts.privileged)
        plan.order.push_back(NamespaceType::User);
    return plan;
}

} // namespace nsd::client
