// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/holder.hpp"
#include "daemon/worker/namespace_targets.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::worker {

// Everything in /proc that keeps namespaces alive. Kinds:
//   process    lives in it (or one of its threads)      init    is process 1 of it
//   children   its next children will live in it        fd      has it open
//   namespace  lives in another that lies below it      mount   has it mounted
//   pin        nsd's own mount of it
// Sockets are not seen, nor descriptors that travel in a socket.
class HolderScan {
  public:
    // `ignored`: processes that do not count, besides the caller. Where a file is mounted is a
    // matter of the mount namespace, whoever lives there.
    HolderScan(
        const ProcFs& proc, std::vector<NamespaceIdentity> namespaces, const std::vector<pid_t>& ignored);

    [[nodiscard]] std::vector<Holder> run();

  private:
    void lookAt(pid_t pid);
    void lookAtHomes(pid_t pid);
    void lookAtChildren(pid_t pid);
    void lookAtNamespaceBelow(pid_t pid);
    void lookAtDescriptors(pid_t pid);
    void lookAtMounts(pid_t pid);
    [[nodiscard]] NamespaceTargets::Matches matchDescriptor(const std::string& directory, int fd);
    void add(const std::string& kind, pid_t pid, std::size_t target, const std::string& detail);

    const ProcFs& proc_;
    NamespaceTargets targets_;
    std::set<pid_t> ignored_;
    std::set<std::uint64_t> seenMountNamespaces_;
    std::set<std::pair<NamespaceType, std::uint64_t>> seenBelow_;
    std::vector<Holder> holders_;
};

} // namespace nsd::worker
