// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

namespace nsd::client {

// A child as a job of its own on the user's terminal (descriptor 0): a process group that it leads, in
// the foreground when nsctl's own would be. In a pid namespace a shell needs that: the group of its
// parent is outside, has no number there, and could not be given the terminal back. Lives in the parent;
// every signal must be blocked.
class TerminalJob {
  public:
    // Whether nsctl may do that: its own group has the terminal, and nobody else in it wants it (a pager
    // behind a pipe). `interactive`: the child is a shell.
    [[nodiscard]] static bool isPossible(bool interactive) noexcept;
    // In the child, before it becomes the command.
    static void begin() noexcept;

    explicit TerminalJob(pid_t child) noexcept;
    ~TerminalJob() { takeBack(); }
    TerminalJob(const TerminalJob&) = delete;
    TerminalJob& operator=(const TerminalJob&) = delete;

    // The child has stopped, or ended: the terminal is nsctl's again, if it was lent.
    void takeBack() noexcept;
    // nsctl has been continued: so is the child, with the terminal if nsctl has it.
    void goOn() noexcept;

  private:
    pid_t child_;
    bool lent_ = true; // as begin() does
};

} // namespace nsd::client
