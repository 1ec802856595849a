// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <csignal>

#include <array>

namespace nsd::client {

// What a process does to itself: to wait for one of these would hide nsctl's own crash.
constexpr std::array faultSignals{SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};

} // namespace nsd::client
