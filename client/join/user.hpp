// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>
#include <vector>

namespace nsd::client {

// As whom a program runs inside.
struct User {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups; // with gid
};

} // namespace nsd::client
