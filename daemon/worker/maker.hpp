// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "daemon/protocol/messages.hpp"
#include "daemon/worker/init_program.hpp"
#include "daemon/worker/proc_fs.hpp"

#include <vector>

namespace nsd::worker {

// A worker's part in making namespaces: forks the maker child, does for it what needs the host's
// root, and opens what it has made. Owns nothing between two requests.
class Maker {
  public:
    Maker(const ProcFs& proc, const InitProgram& initProgram) noexcept;

    struct Result {
        protocol::MakeReply reply;
        std::vector<UniqueFd> fds; // as MakeRequest says
    };
    // `controlGroup`: the directory that the namespaces' processes live in, or −1. Throws Error; then
    // nothing is left but what the kernel is still taking down.
    [[nodiscard]] Result make(const protocol::MakeRequest& request, int controlGroup) const;

  private:
    const ProcFs& proc_;
    const InitProgram& initProgram_;
};

} // namespace nsd::worker
