// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/pseudo_terminal.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>

namespace nsd::client {

PseudoTerminal openPseudoTerminal(const termios& modes, const winsize& size) {
    constexpr int notControlling = O_RDWR | O_NOCTTY | O_CLOEXEC;
    PseudoTerminal pair;
    pair.master.reset(::open("/dev/ptmx", notControlling | O_NONBLOCK));
    if (!pair.master)
        throw kernelError("open", "/dev/ptmx, for a pseudo-terminal", errno);
    if (::unlockpt(pair.master.get()) != 0)
        throw kernelError("unlock", "a pseudo-terminal", errno);
    // By the master, not by its path: /dev/pts may be another's.
    pair.slave.reset(::ioctl(pair.master.get(), TIOCGPTPEER, notControlling));
    if (!pair.slave)
        throw kernelError("open", "the slave of a pseudo-terminal", errno);
    if (::tcsetattr(pair.slave.get(), TCSANOW, &modes) != 0 ||
        ::ioctl(pair.master.get(), TIOCSWINSZ, &size) != 0)
        throw kernelError("set up", "a pseudo-terminal", errno);
    return pair;
}

} // namespace nsd::client
