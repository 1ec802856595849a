// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"

#include <chrono>

namespace nsd::client {

// A command that nsd started for us and that is no child of ours. Signals go straight to it where the
// kernel lets us, since it has our uid, so they arrive also while nsd is away; else through nsd.
class StartedProcess {
  public:
    // `client` must outlive this. `patience`: how long an nsd that went away is waited for.
    StartedProcess(Client& client, StartedCommand command, std::chrono::milliseconds patience);

    // Readable once it has ended.
    [[nodiscard]] int pidfd() const noexcept { return command_.pidfd.get(); }
    void signal(int number) noexcept;
    // To its process group, as a terminal does.
    void signalGroup(int number) noexcept;
    // Blocks until it has ended: its exit status, or 128+N for signal N. Throws Error{TimedOut} where nsd
    // went away and did not come back to tell.
    [[nodiscard]] int waitForStatus();

  private:
    [[nodiscard]] bool trySend(int number, unsigned flags) const noexcept;
    void sendThroughDaemon(int number) noexcept;

    Client& client_;
    StartedCommand command_;
    std::chrono::milliseconds patience_;
};

} // namespace nsd::client
