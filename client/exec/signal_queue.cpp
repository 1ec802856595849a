// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/signal_queue.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <unistd.h>

namespace nsd::client {

SignalQueue::SignalQueue() {
    sigset_t set{};
    ::sigfillset(&set);
    for (const int left : {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGCHLD})
        ::sigdelset(&set, left);
    fd_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd_)
        throw kernelError("signalfd", "", errno);
    ::sigprocmask(SIG_BLOCK, &set, &before_);
}

SignalQueue::~SignalQueue() {
    while (next()) {
    }
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

std::optional<signalfd_siginfo> SignalQueue::next() noexcept {
    signalfd_siginfo info{};
    if (::read(fd_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info))
        return std::nullopt;
    return info;
}

} // namespace nsd::client
