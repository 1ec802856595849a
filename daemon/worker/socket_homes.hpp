// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "daemon/worker/namespace_targets.hpp"
#include "daemon/worker/socket_tables.hpp"

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace nsd::worker {

// In which network namespace the sockets of processes are, wherever the processes live. No table of the
// kernel lists a socket that is not bound yet, so each one is asked itself, by a copy of its descriptor
// (pidfd_getfd(2)): that holds it for an instant and changes nothing of it. Where the kernel gives no copy (a
// filter as that of nsd.service, or a table of descriptors of a thread's own before Linux 6.9) the tables
// tell.
class SocketHomes {
  public:
    // Serves one task, whose descriptors `directory` of /proc shows: "17", or "17/task/18".
    SocketHomes(const NamespaceTargets& targets, SocketTables& tables, std::string directory);

    struct Home {
        NamespaceTargets::Matches targets;
        std::string what; // "TCP 127.0.0.1:80, listening"
    };
    // `inode`: of the descriptor as /proc showed it. Nothing, where it is another one by now.
    [[nodiscard]] Home look(int fd, std::uint64_t inode);
    // The same for an open /dev/net/tun, which belongs to the namespace where it was opened, and is in no
    // table.
    [[nodiscard]] Home lookAtTunnel(int fd);

  private:
    // Empty, with errno, where there is none to be had.
    [[nodiscard]] UniqueFd copyOf(int fd);
    [[nodiscard]] NamespaceTargets::Matches homeOf(int socket) const;

    [[nodiscard]] Home lookUp(std::uint64_t inode) const;

    const NamespaceTargets& targets_;
    SocketTables& tables_;
    std::string directory_;
    bool opened_ = false; // whether pidfd_ was tried
    UniqueFd pidfd_;
    int pidfdProblem_ = 0;
};

} // namespace nsd::worker
