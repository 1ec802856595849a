// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/session.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <utility>

namespace nsd::client {
namespace {

constexpr int lookAgain = 250; // ms

// The relay's are the last three.
using Polls = std::array<pollfd, 5>;

// As nohup(1) leaves SIGHUP; while it is blocked it is queued all the same.
bool isIgnored(int signal) noexcept {
    struct sigaction action {};
    return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

} // namespace

Session::Session(StartedProcess& process, std::unique_ptr<TerminalRelay> relay)
    : process_(process), relay_(std::move(relay)) {
    if (relay_)
        relay_->begin();
}

std::optional<int> Session::run() {
    while (!ended_)
        if (!goesOn())
            return std::nullopt;
    // nsd remembers it for a while only, and whoever reads the rest of the output may take longer.
    int status = 0;
    std::exception_ptr lost;
    try {
        status = process_.waitForStatus();
    } catch (const std::exception&) {
        lost = std::current_exception();
    }
    while (relay_ && !impatient_ && !relay_->flush() && goesOn()) {
    }
    if (lost)
        std::rethrow_exception(lost);
    return status;
}

bool Session::goesOn() {
    wait();
    if (!relay_ || !relay_->wasLeft())
        return true;
    relay_->hangUp();
    return false;
}

void Session::wait() {
    TerminalRelay::Polls terminals{pollfd{-1, 0, 0}, pollfd{-1, 0, 0}, pollfd{-1, 0, 0}};
    const bool inBackground = !ended_ && relay_ && relay_->isWaitingForForeground();
    if (relay_)
        relay_->prepare(terminals);
    Polls polls{pollfd{ended_ ? -1 : process_.pidfd(), POLLIN, 0}, pollfd{signals_.fd(), POLLIN, 0}};
    std::copy(terminals.begin(), terminals.end(), polls.begin() + 2);
    if (::poll(polls.data(), polls.size(), inBackground ? lookAgain : -1) < 0 && errno != EINTR)
        throw kernelError("poll", "", errno);

    while (const auto info = signals_.next())
        obey(*info);
    std::copy(polls.begin() + 2, polls.end(), terminals.begin());
    if (relay_)
        relay_->work(terminals);
    if (inBackground)
        relay_->attach();
    ended_ = ended_ || polls.front().revents != 0;
}

void Session::obey(const signalfd_siginfo& info) noexcept {
    const auto number = static_cast<int>(info.ssi_signo);
    switch (number) {
    case SIGPIPE: // the write says it, too
    case SIGTTIN:
    case SIGTTOU:
        return;
    case SIGWINCH:
        if (relay_)
            relay_->resize();
        return;
    case SIGTSTP:
        return stop();
    case SIGCONT:
        return goOn();
    default:
        break;
    }
    if (isIgnored(number))
        return;
    impatient_ = impatient_ || ended_;
    if (number == SIGHUP && relay_)
        relay_->hangUp();
    // The whole group, where it is a terminal's signal to nsctl's own.
    if (info.ssi_code == SI_KERNEL)
        process_.signalGroup(number);
    else
        process_.signal(number);
}

// As SIGTSTP would without the queue: the kernel drops it where nobody could continue nsctl.
void Session::stop() noexcept {
    if (relay_)
        relay_->detach();
    else
        process_.signalGroup(SIGSTOP); // it is no member of the shell's job
    sigset_t set{};
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGTSTP);
    ::raise(SIGTSTP);
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    goOn();
}

void Session::goOn() noexcept {
    if (relay_)
        relay_->attach();
    else
        process_.signalGroup(SIGCONT);
}

} // namespace nsd::client
