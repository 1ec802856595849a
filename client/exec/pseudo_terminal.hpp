// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <sys/ioctl.h>
#include <termios.h>

namespace nsd::client {

// The two ends of a pseudo-terminal. The slave has the modes and the size given; the master does not
// block.
struct PseudoTerminal {
    UniqueFd master;
    UniqueFd slave;
};

// Throws Error{KernelError} where there is none to be had.
[[nodiscard]] PseudoTerminal openPseudoTerminal(const termios& modes, const winsize& size);

} // namespace nsd::client
