// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/signal_queue.hpp"

#include "client/enter/fault_signals.hpp"
#include "common/error.hpp"

#include <cerrno>
#include <unistd.h>

namespace nsd::client {

SignalQueue::SignalQueue() {
    sigset_t set{};
    ::sigfillset(&set);
    for (const int fault : faultSignals)
        ::sigdelset(&set, fault);
    ::sigdelset(&set, SIGCHLD);
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
