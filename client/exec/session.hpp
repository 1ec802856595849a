// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/exec/signal_queue.hpp"
#include "client/exec/started_process.hpp"
#include "client/exec/terminal_relay.hpp"

#include <memory>
#include <optional>

namespace nsd::client {

// nsctl while a command of nsd's runs: the command's stand-in for the shell that started nsctl. Passes
// signals on, stops and goes on as a job does, and keeps the terminals joined.
class Session {
  public:
    // `process` must outlive this; without a relay the command has nsctl's own descriptors.
    Session(StartedProcess& process, std::unique_ptr<TerminalRelay> relay);

    // Until the command has ended and all that it wrote is with the user: its exit status, as
    // StartedProcess has it. Empty: the user left it before its end.
    [[nodiscard]] std::optional<int> run();

  private:
    // Waits for something to do; false: the user left.
    [[nodiscard]] bool goesOn();
    void wait();
    void obey(const signalfd_siginfo& info) noexcept;
    void stop() noexcept;
    void goOn() noexcept;

    StartedProcess& process_;
    SignalQueue signals_; // before the relay, whose end wants SIGTTOU blocked
    std::unique_ptr<TerminalRelay> relay_;
    bool ended_ = false;
    bool impatient_ = false; // was told to end while output was still due
};

} // namespace nsd::client
