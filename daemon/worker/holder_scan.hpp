// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/holder.hpp"
#include "common/holder_query.hpp"
#include "daemon/worker/descriptor_holders.hpp"
#include "daemon/worker/holder_rows.hpp"
#include "daemon/worker/mount_holders.hpp"
#include "daemon/worker/namespace_targets.hpp"
#include "daemon/worker/socket_tables.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace nsd::worker {

// Everything in /proc that keeps namespaces alive. Kinds:
//   process    lives in it                              thread  of a process that lives elsewhere
//   init       is process 1 of it                       zombie  lived in it, and nobody has reaped it
//   children   its next children will live in it        fd      has it open
//   namespace  lives in another that lies below it or   socket  has a socket of it
//              belongs to it, or keeps such a one       mount   has it mounted
//   pin        nsd's own mount of it                    lease   holds a lease on it
//   more       how many the answer has no room for
// Each process is looked at once, and may go meanwhile: then it is no holder.
class HolderScan {
  public:
    // `ignored`: processes that do not count, besides the caller. Where a file is mounted is a
    // matter of the mount namespace, whoever lives there. `netNs`: the network namespace among those asked
    // about, or -1: without it sockets are found only where each can be asked (SocketHomes). It must outlive
    // this.
    HolderScan(const ProcFs& proc, const HolderQuery& query, const std::vector<pid_t>& ignored, int netNs);

    [[nodiscard]] std::vector<Holder> run();

  private:
    struct Task {
        pid_t number;
        std::string directory; // "17", or "17/task/18"
        [[nodiscard]] std::string link(std::string_view file) const;
    };
    void lookAt(pid_t pid);
    void lookAtZombie(pid_t pid);
    void lookAtHomes(const Task& process, const std::vector<Task>& threads);
    void lookAtChildren(pid_t pid, const Task& task);
    void lookAtNamespacesBelow(pid_t pid, const Task& task);
    void add(const std::string& kind, pid_t pid, std::size_t target, const std::string& detail);
    void gather(const std::string& kind, pid_t pid, std::size_t target, const std::string& reason);

    const ProcFs& proc_;
    NamespaceTargets targets_;
    std::set<pid_t> ignored_;
    SocketTables sockets_;
    HolderRows rows_;
    MountHolders mounts_;
    DescriptorHolders descriptors_;
    std::set<std::pair<NamespaceType, std::uint64_t>> seenBelow_;
};

} // namespace nsd::worker
