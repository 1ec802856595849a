// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/enter/companion.hpp"

#include <csignal>

#include <functional>
#include <string>

namespace nsd::client {

// Forks; the child runs `program`, with the signal mask and dispositions that nsctl was started
// with, and its return value is the child's exit status; what it throws is told on standard error under
// `what`, and is status 125. The parent stays as the child's stand-in
// for the shell: it passes signals on (not those that the terminal gave to both), stops when the
// child stops and goes on when told to, and answers the child's exit status, or 128+N for signal N.
// It keeps no descriptor above 2 but its companion's. Where `ownJob`, the child is a TerminalJob. Throws
// Error{Degraded} where the pid namespace takes no more processes, since its process 1 is dead.
[[nodiscard]] int superviseChild(const std::string& what, const std::function<int()>& program, bool ownJob,
    Companion* companion = nullptr);

// Whether a signal that nsctl got has to be passed on. SI_KERNEL and one of the terminal's: the whole
// foreground process group has it already.
[[nodiscard]] bool isForwarded(int signal, int code) noexcept;

} // namespace nsd::client
