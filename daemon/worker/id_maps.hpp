// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_spec.hpp"
#include "daemon/worker/proc_fs.hpp"

#include <sys/types.h>
#include <vector>

namespace nsd::worker {

// How ids look in a new user namespace, and as whom its maker goes on inside.
struct IdMaps {
    std::vector<IdRange> uids;
    std::vector<IdRange> gids;
    // For a map of an owner who is not root and has no groups but his own: else he could drop one whose
    // membership denies him something (CVE-2014-8989).
    bool denySetgroups = false;
    // Of the owner, outside; 0 where root is the owner.
    uid_t owner = 0;
    gid_t ownerGroup = 0;

    // 0 where the map has it, else the first id of the map.
    [[nodiscard]] uid_t uidInside() const noexcept;
    [[nodiscard]] gid_t gidInside() const noexcept;
};

// The maps as asked for, or the default ones: made by root, the ids 0–65535 onto themselves; with
// an owner, his uid and primary gid onto themselves; mapRoot, 0 onto the owner.
[[nodiscard]] IdMaps idMapsOf(const NamespaceSpec& spec);

// Writes them into the user namespace that the process has just made.
void writeIdMaps(const ProcFs& proc, pid_t pid, const IdMaps& maps);

} // namespace nsd::worker
