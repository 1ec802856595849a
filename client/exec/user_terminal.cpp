// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/user_terminal.hpp"

#include <unistd.h>

namespace nsd::client {

bool UserTerminal::isOurs() const noexcept {
    const auto foreground = ::tcgetpgrp(fd_);
    return foreground < 0 || foreground == ::getpgrp();
}

// TCSANOW throughout: a terminal that takes no output just now must not hold up the way out.
void UserTerminal::takeOver() noexcept {
    if (!taken_) // else these would be ours
        before_ = modes();
    auto raw = before_;
    ::cfmakeraw(&raw);
    taken_ = ::tcsetattr(fd_, TCSANOW, &raw) == 0;
}

void UserTerminal::giveBack() noexcept {
    if (taken_ && isOurs())
        ::tcsetattr(fd_, TCSANOW, &before_);
    taken_ = false;
}

termios UserTerminal::modes() const noexcept {
    termios modes{};
    ::tcgetattr(fd_, &modes);
    return modes;
}

winsize UserTerminal::size() const noexcept {
    winsize size{};
    ::ioctl(fd_, TIOCGWINSZ, &size);
    return size;
}

} // namespace nsd::client
