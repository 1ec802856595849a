// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/supervise.hpp"

#include "client/enter/enter.hpp"
#include "client/enter/execute.hpp"
#include "client/enter/fault_signals.hpp"
#include "client/enter/terminal_job.hpp"
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

constexpr std::array terminalSignals{
    SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGWINCH, SIGPIPE};

sigset_t watchedSignals() noexcept {
    sigset_t set{};
    ::sigfillset(&set);
    for (const int fault : faultSignals)
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

// The parent's work, until the child has ended.
class StandIn {
  public:
    StandIn(pid_t child, bool ownJob, Companion* companion) : child_(child), companion_(companion) {
        if (ownJob)
            job_.emplace(child);
        if (companion_ == nullptr)
            return;
        companion_->begin();
        lookAgain_ = companion_->look();
    }

    int run() noexcept {
        const auto watched = watchedSignals();
        for (;;) {
            siginfo_t info{};
            const int signal = next(watched, info);
            if (signal == SIGCHLD) {
                if (const auto status = reap())
                    return *status;
            } else if (signal == SIGIO && companion_ != nullptr) {
                lookAgain_ = companion_->look();
            } else if (signal == SIGCONT && job_) {
                job_->goOn();
            } else if (signal > 0 && (job_ || isForwarded(signal, info.si_code))) {
                ::kill(child_, signal); // not reaped yet, so the number is still its own
            }
        }
    }

  private:
    [[nodiscard]] int next(const sigset_t& watched, siginfo_t& info) const noexcept {
        if (!lookAgain_)
            return ::sigwaitinfo(&watched, &info);
        constexpr timespec second{1, 0};
        const int signal = ::sigtimedwait(&watched, &info, &second);
        return signal < 0 && errno == EAGAIN ? SIGIO : signal;
    }

    // The exit status, once there is one. A child that stopped stops its parent, so that the shell
    // notices; SIGCONT is then passed on like any other signal.
    std::optional<int> reap() noexcept {
        int status = 0;
        while (::waitpid(child_, &status, WUNTRACED | WNOHANG) == child_) {
            if (WIFEXITED(status))
                return WEXITSTATUS(status);
            if (WIFSIGNALED(status))
                return 128 + WTERMSIG(status);
            if (job_)
                job_->takeBack();
            if (WIFSTOPPED(status))
                ::raise(SIGSTOP);
        }
        return std::nullopt;
    }

    pid_t child_;
    std::optional<TerminalJob> job_;
    Companion* companion_;
    bool lookAgain_ = false;
};

void closeAllBut(int kept) noexcept {
    constexpr unsigned first = STDERR_FILENO + 1;
    if (kept > STDERR_FILENO + 1)
        ::syscall(SYS_close_range, first, static_cast<unsigned>(kept) - 1, 0);
    ::syscall(SYS_close_range, kept > STDERR_FILENO ? static_cast<unsigned>(kept) + 1 : first, ~0U, 0);
}

// The child has nobody else who catches.
int runInChild(const std::string& what, const std::function<int()>& program) noexcept {
    try {
        return program();
    } catch (const std::exception& error) {
        complain(what, error.what());
        return exitNotRun;
    }
}

} // namespace

bool isForwarded(int signal, int code) noexcept {
    return code != SI_KERNEL ||
           std::find(terminalSignals.begin(), terminalSignals.end(), signal) == terminalSignals.end();
}

int superviseChild(
    const std::string& what, const std::function<int()>& program, bool ownJob, Companion* companion) {
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
        if (ownJob)
            TerminalJob::begin(); // while SIGTTOU is blocked
        signals.restore();
        ::_exit(runInChild(what, program));
    }
    // What the command closes shall be closed: a pipe must not stay open because of its parent.
    closeAllBut(companion != nullptr ? companion->fd() : -1);
    return StandIn(child, ownJob, companion).run();
}

} // namespace nsd::client
