// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/command.hpp"

#include "tests/support/process_table.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <set>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace nsd::test {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int millisecondsBetweenReaping = 10;

// Children that somebody here waits for.
std::set<pid_t>& startedHere() {
    static std::set<pid_t> pids;
    return pids;
}

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

// Only calls that are allowed between fork and exec; `argv` and the rest were made before.
[[noreturn]] void becomeProgram(
    const Arguments& argv, const CommandOptions& options, int in, int out, int err) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);
    // Nothing that the test's own parent has left open.
    ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
    bool ready = ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 && ::dup2(err, 2) == 2;
    for (const auto& [number, descriptor] : options.descriptors)
        ready = ready && (number == descriptor ? ::fcntl(descriptor, F_SETFD, 0) == 0
                                               : ::dup2(descriptor, number) == number);
    if (!options.workingDirectory.empty())
        ready = ready && ::chdir(options.workingDirectory.c_str()) == 0;
    if (options.user)
        ready = ready && ::setgroups(0, nullptr) == 0 && ::setgid(*options.user) == 0 &&
                ::setuid(*options.user) == 0;
    for (const auto& [name, value] : options.environment)
        value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    std::vector<char*> arguments;
    for (const auto& argument : argv)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    if (ready)
        ::execvp(arguments[0], arguments.data());
    ::dprintf(2, "cannot run %s: %s\n", arguments[0], std::strerror(errno));
    ::_exit(127);
}

pid_t start(const Arguments& argv, const CommandOptions& options, int in, int out, int err) {
    const pid_t pid = ::fork();
    if (pid < 0)
        fail("fork");
    if (pid == 0)
        becomeProgram(argv, options, in, out, err);
    startedHere().insert(pid);
    return pid;
}

UniqueFd openPidfd(pid_t pid) {
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd)
        fail("pidfd_open");
    return pidfd;
}

int toStatus(int waitStatus) {
    return WIFEXITED(waitStatus) ? WEXITSTATUS(waitStatus) : 128 + WTERMSIG(waitStatus);
}

int reap(pid_t pid) {
    int status = 0;
    if (::waitpid(pid, &status, 0) != pid)
        fail("waitpid");
    startedHere().erase(pid);
    return status;
}

struct Pipe {
    UniqueFd read;
    UniqueFd write;
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            fail("pipe2");
        read.reset(ends[0]);
        write.reset(ends[1]);
    }
};

// One read into `text`; closes the descriptor at its end.
void readSome(UniqueFd& fd, std::string& text) {
    std::array<char, 65536> buffer{};
    const auto count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count > 0)
        text.append(buffer.data(), static_cast<std::size_t>(count));
    else
        fd.reset();
}

// Collects both outputs until the program has ended. Who still holds a pipe then (a daemon that it
// started) is not waited for. False: it was not yet over at the deadline.
bool collect(int pidfd, UniqueFd& out, UniqueFd& err, CommandResult& result, Clock::time_point deadline) {
    for (bool ended = false;;) {
        std::array<pollfd, 3> fds{
            {{out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}, {ended ? -1 : pidfd, POLLIN, 0}}};
        const int ready = ::poll(fds.data(), fds.size(), ended ? 0 : millisecondsBetweenReaping);
        if (ready < 0 && errno != EINTR)
            fail("poll");
        if (ready == 0 && (ended || Clock::now() >= deadline))
            return ended;
        if (ready == 0)
            reapOrphans();
        if (fds[0].revents != 0)
            readSome(out, result.out);
        if (fds[1].revents != 0)
            readSome(err, result.err);
        ended = ended || fds[2].revents != 0;
    }
}

UniqueFd inputFile(const std::string& text) {
    UniqueFd file(static_cast<int>(::memfd_create("stdin", MFD_CLOEXEC)));
    if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::lseek(file.get(), 0, SEEK_SET) != 0)
        fail("stdin");
    return file;
}

} // namespace

CommandResult run(const Arguments& argv, const CommandOptions& options) {
    Pipe out;
    Pipe err;
    const auto in = inputFile(options.input);
    const pid_t pid = start(argv, options, in.get(), out.write.get(), err.write.get());
    out.write.reset();
    err.write.reset();
    const auto pidfd = openPidfd(pid);
    CommandResult result;
    const bool ended = collect(pidfd.get(), out.read, err.read, result, Clock::now() + options.timeout);
    if (!ended)
        ::kill(-pid, SIGKILL);
    constexpr int statusOfTimeout = 124;
    const int status = reap(pid);
    result.status = ended ? toStatus(status) : statusOfTimeout;
    return result;
}

std::string mustRun(const Arguments& argv, const CommandOptions& options) {
    auto result = run(argv, options);
    if (!result.ok()) {
        std::string line;
        for (const auto& argument : argv)
            line += argument + " ";
        throw std::runtime_error(
            line + "ended with " + std::to_string(result.status) + "\n" + result.err + result.out);
    }
    if (result.out.ends_with('\n'))
        result.out.pop_back();
    return std::move(result.out);
}

BackgroundProcess::BackgroundProcess(
    const Arguments& argv, const CommandOptions& options, const std::string& outputFile) {
    const auto in = inputFile(options.input);
    const UniqueFd out(::open(outputFile.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!out)
        fail("open " + outputFile);
    pid_ = start(argv, options, in.get(), out.get(), out.get());
    pidfd_ = openPidfd(pid_);
}

BackgroundProcess::~BackgroundProcess() {
    kill();
}

void BackgroundProcess::signal(int number) const noexcept {
    if (!status_)
        ::syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
}

std::optional<int> BackgroundProcess::wait(std::chrono::milliseconds timeout) {
    if (!status_ && eventually([this] { return hasEnded(pidfd_.get()); }, timeout))
        status_ = toStatus(reap(pid_));
    return status_;
}

void BackgroundProcess::kill() {
    signal(SIGKILL);
    if (!status_)
        status_ = toStatus(reap(pid_));
}

bool isStartedHere(pid_t pid) noexcept {
    return startedHere().contains(pid);
}

void pauseBetweenLooks() {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    reapOrphans();
}

} // namespace nsd::test
