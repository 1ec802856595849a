// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/init/init_process.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::init {
namespace {

// As ps and the holders show it; execveat(2) by a descriptor would leave a number there.
constexpr const char* processName = "nsd-init";
// Members that joined by setns have a parent outside: no SIGCHLD tells that they are gone.
constexpr timespec lookAroundEach{1, 0};
constexpr timespec notAtAll{0, 0};

void letGoOf(unsigned first, unsigned last) {
    static_cast<void>(::close_range(first, last, 0));
}

void beNobodysBusiness() {
    static_cast<void>(::prctl(PR_SET_NAME, processName));
    static_cast<void>(::prctl(PR_SET_DUMPABLE, 0));
    if (::chdir("/") != 0)
        ::_exit(EXIT_FAILURE);
}

// A sender in an ancestor namespace has no pid here. kill(2)'s SI_USER cannot be forged with a pid
// of 0 from inside, as sigqueue(3)'s codes can.
bool isFromOutside(const siginfo_t& info) {
    return info.si_code == SI_USER && info.si_pid == 0;
}

void reap() {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
}

bool isAlone() {
    return ::kill(-1, 0) != 0 && errno == ESRCH;
}

} // namespace

int InitProcess::run() {
    beNobodysBusiness();
    letGoOf(STDIN_FILENO, STDERR_FILENO);
    // Blocked signals are kept for process 1 even where it has no handler (signal(7) of pid
    // namespaces), and are taken one by one below.
    sigfillset(&signals_);
    static_cast<void>(::sigprocmask(SIG_BLOCK, &signals_, nullptr));
    if (::write(readyFd, "", 1) != 1)
        return EXIT_FAILURE;
    letGoOf(readyFd, readyFd);
    if (!waitOnLeash())
        return EXIT_SUCCESS;
    while (!isOver())
        takeSignal(lingering_ ? &lookAroundEach : nullptr);
    return EXIT_SUCCESS;
}

bool InitProcess::waitOnLeash() {
    const int signalFd = ::signalfd(-1, &signals_, SFD_CLOEXEC);
    if (signalFd < 0)
        return false;
    std::array<pollfd, 2> watched{pollfd{leashFd, POLLIN, 0}, pollfd{signalFd, POLLIN, 0}};
    while (watched[0].revents == 0 && !terminated_) {
        static_cast<void>(::poll(watched.data(), watched.size(), -1));
        if (watched[1].revents != 0)
            takeSignal(&notAtAll);
    }
    char byte = 0;
    const bool wanted = !terminated_ && ::read(leashFd, &byte, 1) == 1;
    letGoOf(0, ~0U);
    return wanted;
}

void InitProcess::takeSignal(const timespec* patience) {
    siginfo_t info{};
    if (::sigtimedwait(&signals_, &info, patience) > 0)
        handle(info);
}

void InitProcess::handle(const siginfo_t& info) {
    if (info.si_signo == SIGCHLD)
        reap();
    else if (info.si_signo == SIGTERM && isFromOutside(info))
        terminated_ = true;
    else if (info.si_signo == SIGUSR1 && isFromOutside(info))
        lingering_ = true;
}

bool InitProcess::isOver() const {
    return terminated_ || (lingering_ && isAlone());
}

void hold() {
    beNobodysBusiness();
    letGoOf(0, ~0U);
    sigset_t none;
    sigemptyset(&none);
    static_cast<void>(::sigprocmask(SIG_SETMASK, &none, nullptr));
    for (;;)
        ::pause();
}

} // namespace nsd::init
