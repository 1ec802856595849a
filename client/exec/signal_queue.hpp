// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <csignal>
#include <optional>
#include <sys/signalfd.h>

namespace nsd::client {

// Signals as something to read, beside descriptors: while this lives none of them acts on nsctl, but
// SIGKILL, SIGSTOP, what a process does to itself (SIGSEGV) and SIGCHLD. What nobody read is gone with it.
class SignalQueue {
  public:
    SignalQueue();
    ~SignalQueue();
    SignalQueue(const SignalQueue&) = delete;
    SignalQueue& operator=(const SignalQueue&) = delete;

    // Readable when there is one.
    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    [[nodiscard]] std::optional<signalfd_siginfo> next() noexcept;

  private:
    sigset_t before_{};
    UniqueFd fd_;
};

} // namespace nsd::client
