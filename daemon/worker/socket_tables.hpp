// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/worker/proc_fs.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace nsd::worker {

// What the tables below /proc/PID/net say about the sockets of one network namespace, each by its inode. For
// where a socket cannot be asked itself. The tables have no TCP or UDP socket before it is bound or
// connected.
class SocketTables {
  public:
    // `netNs`: invalid (-1) for no namespace, where nothing is found. It must outlive this.
    SocketTables(const ProcFs& proc, int netNs) noexcept : proc_(proc), netNs_(netNs) {}

    [[nodiscard]] int netNs() const noexcept { return netNs_; }
    // "tcp 127.0.0.1:80 listening"; null: no table has it. Reads the tables when it is first asked, by a
    // child that goes there; throws Error where they cannot be read.
    [[nodiscard]] const std::string* find(std::uint64_t inode);

  private:
    void read();

    const ProcFs& proc_;
    int netNs_;
    bool wasRead_ = false;
    std::map<std::uint64_t, std::string> sockets_;
};

} // namespace nsd::worker
