// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/caller_ids.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <string>

namespace nsd {
namespace {

[[noreturn]] void refuse(uid_t uid, const std::string& why) {
    throw Error(Errc::AccessDenied, "nothing is done as uid " + std::to_string(uid) + ": " + why);
}

gid_t primaryGroup(const Caller& caller, const UserEntry& entry) {
    const auto has = [&](gid_t group) {
        return std::find(caller.groups.begin(), caller.groups.end(), group) != caller.groups.end();
    };
    if (entry.known && has(entry.gid))
        return entry.gid;
    if (has(caller.uid))
        return caller.uid;
    return *std::min_element(caller.groups.begin(), caller.groups.end());
}

} // namespace

UserIds idsOf(const Caller& caller, const UserEntry& entry) {
    if (isNobody(caller.uid))
        refuse(caller.uid, "it stands for users that cannot be told apart");
    if (caller.groups.empty())
        refuse(caller.uid, "the bus knows no group of the caller");
    return {caller.uid, primaryGroup(caller, entry), caller.groups};
}

} // namespace nsd
