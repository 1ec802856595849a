// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/supervise.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::client {
namespace {

// What a process does to itself; waiting for these would hide nsctl's own crash.
constexpr std::array ownFaults{SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
constexpr std::array terminalSignals{
    SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGWINCH, SIGPIPE};

sigset_t watchedSignals() noexcept {
    sigset_t set{};
    ::sigfillset(&set);
    for (const int fault : ownFaults)
        ::sigdelset(&set, fault);
    return set;
}

// Blocks what the parent waits for; the child undoes it. SIGCHLD must not be ignored, as a caller
// may have left it: ignored children leave no status.
class Signals {
  public:
    Signals() noexcept {
        struct sigaction usual {};
        usual.sa_handler = SIG_DFL;
        ::sigaction(SIGCHLD, &usual, &childAction_);
        const auto watched = watchedSignals();
        ::sigprocmask(SIG_BLOCK, &watched, &mask_);
    }

    void restore() const noexcept {
        ::sigaction(SIGCHLD, &childAction_, nullptr);
        ::sigprocmask(SIG_SETMASK, &mask_, nullptr);
    }

  private:
    struct sigaction childAction_ {};
    sigset_t mask_{};
};

// The exit status, once there is one. A child that stopped stops its parent, so that the shell
// notices; SIGCONT is then passed on like any other signal.
std::optional<int> reap(pid_t child) noexcept {
    int status = 0;
    while (::waitpid(child, &status, WUNTRACED | WNOHANG) == child) {
        if (WIFEXITED(status))
            return WEXITSTATUS(status);
        if (WIFSIGNALED(status))
            return 128 + WTERMSIG(status);
        if (WIFSTOPPED(status))
            ::raise(SIGSTOP);
    }
    return std::nullopt;
}

int standIn(pid_t child) noexcept {
    const auto watched = watchedSignals();
    for (;;) {
        siginfo_t info{};
        const int signal = ::sigwaitinfo(&watched, &info);
        if (signal == SIGCHLD) {
            if (const auto status = reap(child))
                return *status;
        } else if (signal > 0 && isForwarded(signal, info.si_code)) {
            ::kill(child, signal); // not reaped yet, so the number is still its own
        }
    }
}

} // namespace

bool isForwarded(int signal, int code) noexcept {
    return code != SI_KERNEL ||
           std::find(terminalSignals.begin(), terminalSignals.end(), signal) == terminalSignals.end();
}

int superviseChild(const std::function<int()>& program) {
    const Signals signals;
    const pid_t child = ::fork();
    if (child < 0) {
        const int problem = errno;
        signals.restore();
        if (problem == ENOMEM) // pid_namespaces(7)
            throw Error(Errc::Degraded,
                "process 1 of its pid namespace is dead, so nothing can be started in it", problem);
        throw kernelError("fork", "", problem);
    }
    if (child == 0) {
        signals.restore();
        ::_exit(program());
    }
    // What the command closes shall be closed: a pipe must not stay open because of its parent.
    ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
    return standIn(child);
}

} // namespace nsd::client
