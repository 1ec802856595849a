// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/keep_holder.hpp"

#include "common/error.hpp"
#include "daemon/kernel/control_group.hpp"
#include "daemon/kernel/process_facts.hpp"
#include "daemon/kernel/spawn.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nsd {
namespace {

constexpr const char* holdOption = "--hold";

// By the program and not by its arguments: execve(2) lets go of our memory, and so vfork(2) return here,
// before the program has its arguments, and even before it is the program. Until then it is a copy of the
// daemon that started it, which may have been killed since.
bool isHolder(pid_t pid, const std::string& program) {
    if (pid == ::getpid())
        return false;
    const auto name = programOfProcess(pid);
    return !name.empty() &&
           (name == program.substr(program.rfind('/') + 1) || name == programOfProcess(::getpid()));
}

// The living holders in the group. More than one: a daemon was killed between starting one and seeing it.
std::vector<SpawnedProcess> holdersIn(int group, const std::string& program) {
    std::vector<SpawnedProcess> holders;
    for (const auto pid : processesInGroup(group)) {
        UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
        if (!pidfd && errno != ESRCH)
            throw kernelError("open a pidfd of", "process " + std::to_string(pid), errno);
        if (pidfd && isHolder(pid, program) && isAlive(pidfd.get()))
            holders.push_back({pid, std::move(pidfd)});
    }
    return holders;
}

} // namespace

KeepHolder::KeepHolder(Loop& loop, std::string program) : loop_(loop), program_(std::move(program)) {}

void KeepHolder::adopt(int group) {
    auto holders = holdersIn(group, program_);
    if (!holders.empty())
        watch(holders.front().pid, std::move(holders.front().pidfd));
}

void KeepHolder::start(int group) {
    if (pid_ != 0)
        return;
    const auto processes = openGroupFile(group, "cgroup.procs", O_WRONLY);
    Program program;
    program.path = program_;
    program.arguments = {holdOption};
    program.diesWithUs = false;
    program.controlGroup = processes.get();
    auto holder = spawn(program);
    watch(holder.pid, std::move(holder.pidfd));
}

void KeepHolder::watch(pid_t pid, UniqueFd pidfd) {
    death_ = loop_.watch(pidfd.get(), EPOLLIN, [this](std::uint32_t) {
        pid_ = 0;
        // The source of this very handler goes later, and its descriptor with it.
        using Watched = std::pair<UniqueFd, Loop::SourcePtr>; // goes from behind
        loop_.post([gone = std::make_shared<Watched>(std::move(pidfd_), std::move(death_))] {});
    });
    pid_ = pid;
    pidfd_ = std::move(pidfd);
}

void KeepHolder::end(int group) {
    for (const auto& holder : holdersIn(group, program_))
        ::syscall(SYS_pidfd_send_signal, holder.pidfd.get(), SIGKILL, nullptr, 0); // it has nothing to save
    pid_ = 0;
}

} // namespace nsd
