// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/cli/users.hpp"
#include "common/id_ranges.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::client {

// The maps of a user namespace as /proc/self shows them from inside, after it has been joined.
struct IdMaps {
    std::vector<IdRange> uids;
    std::vector<IdRange> gids;
    bool maySetGroups = true; // /proc/self/setgroups does not say deny
};

// The ids to take on, all of them mapped.
struct IdPlan {
    uid_t uid = 0;
    gid_t gid = 0;
    std::optional<std::vector<gid_t>> groups; // empty: they cannot be set
};

// For a caller who was root outside: `user`, or root inside. Throws Error{InvalidArgument} that shows
// the map where an id is not in it: a program that starts with unmapped ids still is its old kernel
// uid. Groups of `user` that are not mapped are left out.
[[nodiscard]] IdPlan planIds(const IdMaps& maps, const std::optional<User>& user);

// For an owner who joined with his own id `kernelUid`, which stays: throws where it is not mapped.
void checkOwnId(const IdMaps& maps, uid_t kernelUid);

} // namespace nsd::client
