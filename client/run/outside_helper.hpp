// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "client/enter/companion.hpp"
#include "client/enter/held_lease.hpp"
#include "client/run/run_request.hpp"
#include "common/unique_fd.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::client {

// What the process inside asks of the one that stayed outside, and waits for. Both ends are of one
// SOCK_SEQPACKET pair, which no other process has.
class OutsideRequests {
  public:
    explicit OutsideRequests(UniqueFd socket) : socket_(std::move(socket)) {}

    // Has the maps of this process's fresh user namespace written. Throws Error.
    void writeMaps();
    // Has these namespaces adopted under the wanted name. Throws Error.
    void adopt(const NamespaceFds& fds);

  private:
    void ask(char request, const NamespaceFds& fds);

    UniqueFd socket_;
};

// The process outside: it has the ids and the bus that the one inside has no more. Stays beside the command
// and holds the lease, where the namespaces shall not outlive it.
class OutsideHelper final : public Companion {
  public:
    OutsideHelper(const RunRequest& request, UniqueFd socket);

    [[nodiscard]] int fd() const noexcept override { return socket_.get(); }
    // Serves until the other end is closed.
    void begin() noexcept override;
    [[nodiscard]] bool look() noexcept override;

  private:
    void serve();
    [[nodiscard]] std::string answer(char request, pid_t sender, const NamespaceFds& fds);
    void adopt(const NamespaceFds& fds);

    const RunRequest& request_;
    UniqueFd socket_;
    std::optional<HeldLease> lease_;
};

} // namespace nsd::client
