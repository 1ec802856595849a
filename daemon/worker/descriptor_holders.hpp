// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/holder_query.hpp"
#include "daemon/worker/holder_rows.hpp"
#include "daemon/worker/namespace_targets.hpp"
#include "daemon/worker/socket_homes.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::worker {

// What open descriptors of processes keep alive: namespaces, those above and the owners of such, the network
// namespaces of sockets, leases. Asks no file system about its files: one may be that of a server that does
// not answer.
class DescriptorHolders {
  public:
    DescriptorHolders(const ProcFs& proc, NamespaceTargets& targets, SocketTables& sockets, HolderRows& rows,
        const std::vector<LeaseFile>& leases);

    // Looks at every table of descriptors of a process; threads may have their own.
    void lookAt(pid_t pid, const std::vector<pid_t>& threads);
    // The leases that nobody was found to have open, or nobody who may see that it is his.
    void addRest();

  private:
    struct Table {
        pid_t pid;
        std::string directory; // "17", or "17/task/18"
        std::string suffix;    // "", or " of thread 18"
    };
    struct Descriptor {
        const Table& table;
        std::string number;
        std::string text; // what /proc shows
        [[nodiscard]] std::string link() const { return table.directory + "/fd/" + number; }
        [[nodiscard]] std::string name() const { return "fd " + number + table.suffix; }
    };
    [[nodiscard]] static std::vector<Table> tablesOf(pid_t pid, const std::vector<pid_t>& threads);
    void lookAtTable(const Table& table);
    void lookAtNamespace(const Descriptor& fd, NamespaceType type);
    void lookAtFile(const Descriptor& fd);
    void lookAtLease(const Descriptor& fd, std::uint64_t inode);
    void addSocket(const Descriptor& fd, const SocketHomes::Home& home);
    void gather(const std::string& kind, pid_t pid, std::size_t target, const std::string& reason);

    const ProcFs& proc_;
    NamespaceTargets& targets_;
    SocketTables& sockets_;
    HolderRows& rows_;
    const std::vector<LeaseFile>& leases_;
    std::multimap<std::uint64_t, std::size_t> byInode_; // of leases_
    std::set<std::size_t> shownToTheirs_;               // leases_ whose user sees who has them open
};

} // namespace nsd::worker
