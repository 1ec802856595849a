// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/join/user.hpp"
#include "common/error.hpp"
#include "common/id_ranges.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
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

// An id that does not exist inside; the text shows the map.
class UnmappedId : public Error {
  public:
    explicit UnmappedId(std::string text) : Error(Errc::InvalidArgument, std::move(text)) {}
};

// For a caller who was root outside: `user`, or root inside. Throws UnmappedId where an id is not in the
// map: a program that starts with unmapped ids still is its old kernel
// uid. Groups of `user` that are not mapped are left out.
[[nodiscard]] IdPlan planIds(const IdMaps& maps, const std::optional<User>& user);

// For an owner who joined with his own id `kernelUid`, which stays: throws where it is not mapped.
void checkOwnId(const IdMaps& maps, uid_t kernelUid);

} // namespace nsd::client
