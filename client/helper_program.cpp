// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/helper_program.hpp"

#include "common/error.hpp"
#include "common/pipe.hpp"
#include "common/unique_fd.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::client {
namespace {

bool give(int fd, int number) noexcept {
    if (fd < 0)
        return true;
    return fd == number ? ::fcntl(fd, F_SETFD, 0) == 0 : ::dup2(fd, number) >= 0;
}

bool tieTo(pid_t parent) noexcept {
    return ::prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && ::getppid() == parent;
}

// In the child: only what may be done after fork(2) is done. Tells `problems` the errno where it fails.
[[noreturn]] void become(
    const HelperProgram::Setup& setup, char* const* argv, pid_t parent, int problems) noexcept {
    sigset_t none{};
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if ((!setup.tied || tieTo(parent)) && give(setup.in, STDIN_FILENO) && give(setup.out, STDOUT_FILENO) &&
        give(setup.err, STDERR_FILENO) && give(setup.kept, setup.kept))
        ::execvp(*argv, argv);
    const int problem = errno;
    [[maybe_unused]] const auto told = ::write(problems, &problem, sizeof problem);
    constexpr int notStarted = 127;
    ::_exit(notStarted);
}

pid_t waitFor(pid_t child, int* status, int flags) noexcept {
    pid_t ended = 0;
    do {
        ended = ::waitpid(child, status, flags);
    } while (ended < 0 && errno == EINTR);
    return ended;
}

// 0: it is executed, which closed the pipe.
int readProblem(int pipe) noexcept {
    int problem = 0;
    while (::read(pipe, &problem, sizeof problem) < 0 && errno == EINTR) {
    }
    return problem;
}

} // namespace

HelperProgram::HelperProgram(const Setup& setup) {
    auto [reading, writing] = makePipe("to " + setup.line.front());
    auto words = setup.line;
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (auto& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0)
        become(setup, argv.data(), parent, writing.get());
    if (pid_ < 0)
        throw kernelError("fork", "", errno);
    writing.reset();
    if (const int problem = readProblem(reading.get()); problem != 0) {
        waitFor(pid_, nullptr, 0);
        throw kernelError("run", setup.line.front(), problem);
    }
}

HelperProgram::~HelperProgram() {
    if (pid_ == 0)
        return;
    ::kill(pid_, SIGTERM);
    ::kill(pid_, SIGCONT); // it may have been stopped for reading the terminal
    waitFor(pid_, nullptr, 0);
}

int HelperProgram::wait() {
    int status = 0;
    if (waitFor(pid_, &status, 0) < 0)
        throw kernelError("wait for", "a program", errno);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool HelperProgram::hasEnded() noexcept {
    if (pid_ != 0 && waitFor(pid_, nullptr, WNOHANG) != 0)
        pid_ = 0;
    return pid_ == 0;
}

} // namespace nsd::client
