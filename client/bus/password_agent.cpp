// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/password_agent.hpp"

#include "common/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::client {
namespace {

constexpr auto program = "pkttyagent";

// In the child: only what may be done after fork(2) is done.
[[noreturn]] void becomeAgent(pid_t parent, int notifyFd, const char* notifyNumber) noexcept {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    constexpr int notStarted = 127;
    if (::getppid() != parent || ::fcntl(notifyFd, F_SETFD, 0) != 0)
        ::_exit(notStarted);
    // Without --process it serves its parent. As --fallback, it would be found by polkit only for
    // processes of a login session, and polkit has said that there is no other.
    ::execlp(program, program, "--notify-fd", notifyNumber, nullptr);
    ::_exit(notStarted);
}

// It closes the pipe once polkit knows it; its end does, too.
void awaitReadiness(int pipe) noexcept {
    pollfd ready{pipe, 0, 0}; // POLLHUP alone
    while (::poll(&ready, 1, -1) < 0 && errno == EINTR) {
    }
}

} // namespace

PasswordAgent::PasswordAgent() {
    if (::isatty(STDIN_FILENO) == 0)
        return;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return;
    const UniqueFd readEnd(ends[0]);
    UniqueFd writeEnd(ends[1]);
    const auto number = std::to_string(writeEnd.get());
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child == 0)
        becomeAgent(parent, writeEnd.get(), number.c_str());
    if (child < 0)
        return;
    writeEnd.reset();
    awaitReadiness(readEnd.get());
    if (::waitpid(child, nullptr, WNOHANG) == 0)
        pid_ = child;
}

PasswordAgent::~PasswordAgent() {
    if (pid_ <= 0)
        return;
    ::kill(pid_, SIGTERM);
    ::kill(pid_, SIGCONT); // it may have been stopped for reading the terminal
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

} // namespace nsd::client
