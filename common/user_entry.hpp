// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd {

// One line of /etc/subuid or /etc/subgid: `count` ids from `first` on.
struct SubIds {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    friend bool operator==(const SubIds&, const SubIds&) = default;
};

// What the host knows of a user: the entry of the user database (NSS) and the subordinate ids. A uid
// without an entry (a container's user, a dynamic one) may have subordinate ids by its number.
struct UserEntry {
    bool known = false; // the database has the uid; else the next four are empty
    std::string name{};
    gid_t gid = 0; // the primary group
    std::string home{};
    std::string shell{};
    std::vector<SubIds> subUids{};
    std::vector<SubIds> subGids{};
    friend bool operator==(const UserEntry&, const UserEntry&) = default;
};

} // namespace nsd
