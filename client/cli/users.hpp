// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/join/user.hpp"

#include <string>
#include <string_view>
#include <sys/types.h>

// Users of this host, through NSS. Nothing here may be called once a foreign mount namespace has
// been joined: NSS loads libraries by path.
namespace nsd::client {

// By name or number. Throws UsageError for what is neither.
[[nodiscard]] uid_t userId(std::string_view nameOrNumber);

[[nodiscard]] gid_t groupId(std::string_view nameOrNumber);

// With its groups; a number without an entry has the gid of the same number and no other.
[[nodiscard]] User lookUpUser(std::string_view nameOrNumber);

// The name, or the number where there is none.
[[nodiscard]] std::string userName(uid_t uid);
[[nodiscard]] std::string groupName(gid_t gid);

} // namespace nsd::client
