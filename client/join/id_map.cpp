// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/join/id_map.hpp"

#include <cstdint>
#include <string>

namespace nsd::client {
namespace {

void require(const std::vector<IdRange>& map, const char* kind, std::uint32_t id) {
    if (!isInside(map, id))
        throw UnmappedId(std::string(kind) + " " + std::to_string(id) +
                         " does not exist in its user namespace, which maps " + describeIdMap(map));
}

} // namespace

IdPlan planIds(const IdMaps& maps, const std::optional<User>& user) {
    const User wanted = user.value_or(User{});
    require(maps.uids, "uid", wanted.uid);
    require(maps.gids, "gid", wanted.gid);
    IdPlan plan{wanted.uid, wanted.gid, std::nullopt};
    if (maps.maySetGroups) {
        plan.groups.emplace();
        for (const auto group : wanted.groups)
            if (isInside(maps.gids, group))
                plan.groups->push_back(group);
    }
    return plan;
}

void checkOwnId(const IdMaps& maps, uid_t kernelUid) {
    if (!insideOf(maps.uids, kernelUid))
        throw Error(Errc::InvalidArgument, "your uid " + std::to_string(kernelUid) +
                                               " is not mapped into its user namespace, which maps " +
                                               describeIdMap(maps.uids));
}

} // namespace nsd::client
