// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>
#include <vector>

namespace nsd {

// As whom a process runs or an object is made: ids of the initial user namespace. `groups` are the
// supplementary ones, in the order in which they were given.
struct UserIds {
    uid_t uid;
    gid_t gid;
    std::vector<gid_t> groups;
};

} // namespace nsd
