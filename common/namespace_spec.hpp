// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/etc_files.hpp"
#include "common/link_request.hpp"
#include "common/namespace_type.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd {

// One line of uid_map or gid_map: `count` ids from `inside` on are `outside` and following ones of
// the initial user namespace.
struct IdRange {
    std::uint32_t inside = 0;
    std::uint32_t outside = 0;
    std::uint32_t count = 0;
    friend bool operator==(const IdRange&, const IdRange&) = default;
};

// What to make; the part of a namespace's options that the kernel has to do with. Checked before it
// gets here: sysctl names are on the allow-list of their type, offsets go with time, and so on.
struct NamespaceSpec {
    NamespaceTypes types;
    std::optional<uid_t> owner;  // given and not 0: a user namespace is made with this euid
    std::vector<IdRange> uidMap; // empty: the default map
    std::vector<IdRange> gidMap;
    bool mapRoot = false;
    std::string hostname; // empty: the host's
    std::string domainname;
    std::map<std::string, std::string> sysctls;  // dotted, as sysctl(8): '/' is a dot inside a part
    std::optional<std::int64_t> monotonicOffset; // nanoseconds
    std::optional<std::int64_t> boottimeOffset;
    std::vector<LinkRequest> links{}; // made once it is there, see daemon/core/link_port
    EtcFiles etc{};                   // not the making's, but what is mounted afterwards
    // What the host knows of an owner who is not root; found when it is made, and not kept.
    std::optional<gid_t> ownerGroup{}; // his primary group
    bool ownerMaySetGroups = false;    // inside; else "deny" is written to setgroups before the gid map
    friend bool operator==(const NamespaceSpec&, const NamespaceSpec&) = default;
};

} // namespace nsd
