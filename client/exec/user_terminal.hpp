// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/ioctl.h>
#include <termios.h>

namespace nsd::client {

// The terminal that the user sits at, and its modes: whoever takes it over gives it back as it was, at
// the latest when this goes. Of a job in the background nothing is taken: the terminal is another's
// then. SIGTTOU must be blocked.
class UserTerminal {
  public:
    // Borrowed.
    explicit UserTerminal(int fd) noexcept : fd_(fd) {}
    ~UserTerminal() { giveBack(); }
    UserTerminal(const UserTerminal&) = delete;
    UserTerminal& operator=(const UserTerminal&) = delete;

    [[nodiscard]] int fd() const noexcept { return fd_; }
    // Whether what is typed is for this job. A terminal that is not the controlling one knows no jobs.
    [[nodiscard]] bool isOurs() const noexcept;
    // Every key as it is typed, with no echo and no signals. Also again, after a stop.
    void takeOver() noexcept;
    void giveBack() noexcept;

    [[nodiscard]] termios modes() const noexcept;
    [[nodiscard]] winsize size() const noexcept;

  private:
    int fd_;
    bool taken_ = false;
    termios before_{};
};

} // namespace nsd::client
