// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/worker/holder_rows.hpp"
#include "daemon/worker/mount_scan.hpp"
#include "daemon/worker/namespace_targets.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace nsd::worker {

// Where files of namespaces are mounted, in every mount namespace once. nsd's own mounts are those of the
// daemon's mount namespace; their copies in others go with them, since nsd unlinks what they are mounted on.
class MountHolders {
  public:
    // `daemon`: a process of the daemon's mount namespace. `ownMounts`: nsd's, beside the pins.
    MountHolders(const ProcFs& proc, NamespaceTargets& targets, HolderRows& rows, pid_t daemon,
        const std::vector<std::string>& ownMounts);

    // The mount namespace of the process, unless it was seen. The daemon's was seen first.
    void lookAt(pid_t pid);
    // All that were not seen, since nobody lives there; where the kernel says which there are.
    void lookAtRest();

  private:
    void lookAtOwn(const NamespaceMount& mount);
    void add(const std::string& kind, pid_t pid, std::size_t target, const std::string& detail);

    const ProcFs& proc_;
    NamespaceTargets& targets_;
    HolderRows& rows_;
    pid_t daemon_;
    std::set<std::string> ownMounts_;
    std::set<std::uint64_t> seen_;
    std::set<std::pair<std::string, std::uint64_t>> own_; // where, and the inode there
};

} // namespace nsd::worker
