// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/fake_launcher.hpp"

#include <linux/kcmp.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::test {
namespace {

constexpr std::uint64_t startTime = 77;
constexpr pid_t supervisors = 500'000; // so much more than its command's

UniqueFd living() {
    UniqueFd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!fd)
        throw std::runtime_error("eventfd");
    return fd;
}

void die(int fd) {
    const std::uint64_t one = 1;
    if (::write(fd, &one, sizeof one) < 0)
        throw std::runtime_error("write to an eventfd");
}

// A write to one shows itself in the other: the same file. (All eventfds share one inode.)
bool isSame(int a, int b) {
    return ::syscall(SYS_kcmp, ::getpid(), ::getpid(), KCMP_FILE, a, b) == 0;
}

void append(int file, const std::string& line) {
    if (::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        throw std::runtime_error("write to a state file");
}

} // namespace

KnownProcess FakeLauncher::commandOf(pid_t pid) {
    return {pid, startTime};
}

KnownProcess FakeLauncher::supervisorOf(pid_t pid) {
    return {pid + supervisors, startTime};
}

void FakeLauncher::remember(Launch launch) {
    descriptors_ = {};
    for (const auto& [type, fd] : std::exchange(launch.namespaces, {}))
        descriptors_.types.push_back(type);
    for (std::size_t i = 0; i < launch.stdio.size(); ++i) {
        struct stat status {};
        const auto fd = std::move(launch.stdio.at(i));
        if (fd.valid() && ::fstat(fd.get(), &status) == 0)
            descriptors_.stdio.at(i) = {status.st_dev, status.st_ino};
    }
    launch.stateFile.reset();
    launch.view.reset();
    launches_.push_back(std::move(launch));
}

void FakeLauncher::launch(Launch launch, Completion<LaunchedProcess> done) {
    if (failure_) {
        loop_.post([done = std::move(done), error = *std::exchange(failure_, std::nullopt)] { done(error); });
        remember(std::move(launch));
        return;
    }
    const auto pid = nextPid_++;
    auto& process = processes_[pid];
    process = {living(), living(), std::move(launch.stateFile),
        launch.command.idsAreInside ? outside_ : launch.command.ids.uid};
    remember(std::move(launch));
    auto answer = [this, pid, done = std::move(done)] {
        auto& started = processes_.at(pid);
        append(started.stateFile.get(),
            toLine(ProcessState::Running{commandOf(pid), supervisorOf(pid), started.uid}));
        done(LaunchedProcess{
            commandOf(pid), started.uid, started.command.duplicate(), started.supervisor.duplicate()});
    };
    if (holding_)
        held_.emplace_back(std::move(answer));
    else
        loop_.post(std::move(answer));
}

void FakeLauncher::answer() {
    for (auto& held : std::exchange(held_, {}))
        loop_.post(std::move(held));
}

void FakeLauncher::end(pid_t pid, int code, int status) {
    auto& process = processes_.at(pid);
    append(process.stateFile.get(), toLine(ProcessEnd{code, status, loop_.now()}));
    killCommand(pid);
    killSupervisor(pid);
}

void FakeLauncher::killSupervisor(pid_t pid) {
    auto& process = processes_.at(pid);
    process.stateFile.reset();
    process.supervisorEnded = true;
    die(process.supervisor.get());
}

void FakeLauncher::killCommand(pid_t pid) {
    auto& process = processes_.at(pid);
    process.commandEnded = true;
    die(process.command.get());
}

UniqueFd FakeLauncher::find(const KnownProcess& wanted) {
    for (const auto& [pid, process] : processes_) {
        if (wanted == commandOf(pid) && !process.commandEnded)
            return process.command.duplicate();
        if (wanted == supervisorOf(pid) && !process.supervisorEnded)
            return process.supervisor.duplicate();
    }
    return UniqueFd();
}

void FakeLauncher::signal(int pidfd, int number) {
    for (const auto& [pid, process] : processes_) {
        if (isSame(pidfd, process.command.get()))
            signals_.emplace_back(pid, number);
        else if (isSame(pidfd, process.supervisor.get()))
            signals_.emplace_back(-pid, number);
    }
}

} // namespace nsd::test
