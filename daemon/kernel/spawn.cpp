// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/spawn.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/scope_guard.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd {
namespace {

constexpr int firstFd = 3;

// All that the child needs, made before: between vfork(2) and execve(2) it borrows our memory and may
// only make system calls.
struct Preparation {
    const char* path;
    char* const* argv;
    char* const* environment;
    const int* fds; // all numbered above the places that they go to
    std::size_t fdCount;
    int input;
    int controlGroup;
    bool diesWithUs;
    volatile int error;
    const char* volatile step;
};

void resetSignals() {
    for (int number = 1; number < NSIG; ++number) {
        struct sigaction action {};
        if (::sigaction(number, nullptr, &action) != 0 || action.sa_handler == SIG_DFL)
            continue;
        action = {};
        action.sa_handler = SIG_DFL;
        ::sigaction(number, &action, nullptr);
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool becomeProgram(Preparation& p) {
    p.step = "keep the life of";
    if (p.diesWithUs ? ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 : ::setsid() < 0)
        return false;
    p.step = "put into its control group";
    if (p.controlGroup >= 0 && ::write(p.controlGroup, "0", 1) != 1)
        return false;
    p.step = "give its descriptors to";
    if (::dup2(p.input, STDIN_FILENO) < 0)
        return false;
    for (std::size_t i = 0; i < p.fdCount; ++i)
        if (::dup2(p.fds[i], firstFd + static_cast<int>(i)) < 0)
            return false;
    if (::syscall(SYS_close_range, firstFd + static_cast<unsigned>(p.fdCount), ~0U, 0U) != 0)
        return false;
    resetSignals();
    p.step = "execute";
    ::execve(p.path, p.argv, p.environment);
    return false;
}

// A function of its own that keeps no variable over vfork(2), which returns twice.
[[gnu::noinline]] pid_t forkAndExecute(Preparation& preparation) {
    const pid_t child = ::vfork();
    if (child == 0) {
        if (!becomeProgram(preparation))
            preparation.error = errno;
        ::_exit(127);
    }
    return child;
}

std::vector<char*> argvOf(std::vector<std::string>& words) {
    std::vector<char*> argv;
    for (auto& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    return argv;
}

// Ours, but for what the service manager tells to nsd alone: dbus-daemon would say READY=1 in our name.
std::vector<char*> environmentOfHelpers() {
    constexpr std::array<std::string_view, 6> ours{
        "NOTIFY_SOCKET=", "WATCHDOG_PID=", "WATCHDOG_USEC=", "LISTEN_PID=", "LISTEN_FDS=", "LISTEN_FDNAMES="};
    std::vector<char*> kept;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        if (std::none_of(ours.begin(), ours.end(), [&](auto name) { return text.starts_with(name); }))
            kept.push_back(*variable);
    }
    kept.push_back(nullptr);
    return kept;
}

} // namespace

SpawnedProcess spawn(const Program& program) {
    std::vector<std::string> words{program.path};
    words.insert(words.end(), program.arguments.begin(), program.arguments.end());
    const auto argv = argvOf(words);
    const auto environment = environmentOfHelpers();
    const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null)
        throw kernelError("open", "/dev/null", errno);
    // Above their places, so that no dup2(2) overwrites one that is still to be moved.
    std::vector<UniqueFd> high;
    std::vector<int> numbers;
    for (const int fd : program.fds) {
        high.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, firstFd + static_cast<int>(program.fds.size())));
        if (!high.back())
            throw kernelError("duplicate", "a descriptor for " + quoted(program.path), errno);
        numbers.push_back(high.back().get());
    }
    const int input = program.input >= 0 ? program.input : null.get();
    Preparation preparation{program.path.c_str(), argv.data(), environment.data(), numbers.data(),
        numbers.size(), input, program.controlGroup, program.diesWithUs, 0, "fork for"};

    // A handler of ours must not run in the child, on our memory.
    sigset_t every;
    sigset_t before;
    ::sigfillset(&every);
    ::pthread_sigmask(SIG_SETMASK, &every, &before);
    const pid_t child = forkAndExecute(preparation);
    const int forkError = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (child < 0)
        throw Error(
            Errc::LimitExceeded, "fork for " + quoted(program.path) + ": " + errnoText(forkError), forkError);
    if (preparation.error != 0)
        throw kernelError(preparation.step, quoted(program.path), preparation.error);

    SpawnedProcess process;
    process.pid = child;
    process.pidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    if (!process.pidfd) {
        const int error = errno;
        ::kill(child, SIGKILL); // nobody has reaped it, so the number is still its own
        throw kernelError("open a pidfd of", quoted(program.path), error);
    }
    return process;
}

} // namespace nsd
