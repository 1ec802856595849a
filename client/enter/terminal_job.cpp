// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/terminal_job.hpp"

#include <csignal>
#include <unistd.h>

namespace nsd::client {
namespace {

pid_t foreground() noexcept {
    return ::tcgetpgrp(STDIN_FILENO); // -1: no terminal, or not the controlling one
}

} // namespace

bool TerminalJob::isPossible(bool interactive) noexcept {
    // One that a shell with job control started alone leads its group.
    const bool alone = ::getpgrp() == ::getpid() && ::isatty(STDOUT_FILENO) != 0;
    return (interactive || alone) && foreground() == ::getpgrp();
}

void TerminalJob::begin() noexcept {
    ::setpgid(0, 0);
    ::tcsetpgrp(STDIN_FILENO, ::getpgrp());
}

TerminalJob::TerminalJob(pid_t child) noexcept : child_(child) {
    ::setpgid(child, child); // here as well: whoever is first
}

void TerminalJob::takeBack() noexcept {
    if (lent_)
        ::tcsetpgrp(STDIN_FILENO, ::getpgrp());
    lent_ = false;
}

void TerminalJob::goOn() noexcept {
    const auto group = foreground();
    lent_ = group == ::getpgrp() || group == child_;
    if (lent_)
        ::tcsetpgrp(STDIN_FILENO, child_);
    ::kill(-child_, SIGCONT);
}

} // namespace nsd::client
