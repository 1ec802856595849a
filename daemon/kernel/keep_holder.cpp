// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/keep_holder.hpp"

#include "common/error.hpp"
#include "daemon/kernel/control_group.hpp"
#include "daemon/kernel/process_facts.hpp"
#include "daemon/kernel/spawn.hpp"

#include <csignal>
#include <fcntl.h>
#include <memory>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

constexpr const char* holdOption = "--hold";

bool isHolder(pid_t pid) {
    constexpr std::string_view lastArgument("\0--hold\0", 8);
    return readProcFile("/proc/" + std::to_string(pid) + "/cmdline").ends_with(lastArgument);
}

void killThrough(const UniqueFd& pidfd) {
    ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0); // it has nothing to save
}

} // namespace

KeepHolder::KeepHolder(Loop& loop, Log& log, std::string program, std::function<void()> ended)
    : loop_(loop), log_(log), program_(std::move(program)), ended_(std::move(ended)) {}

void KeepHolder::adopt(int group) {
    for (const auto pid : processesInGroup(group)) {
        UniqueFd pidfd;
        try {
            pidfd.reset(openPidfd(pid));
        } catch (const Error& error) {
            log_.debug("no holder after all: " + error.text());
            continue;
        }
        if (!isHolder(pid) || !isAlive(pidfd.get()))
            continue;
        // Two: a daemon was killed between starting one and hearing that it runs.
        if (pid_ != 0)
            killThrough(pidfd);
        else
            watch(pid, std::move(pidfd));
    }
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
        ended_();
    });
    pid_ = pid;
    pidfd_ = std::move(pidfd);
}

void KeepHolder::end() {
    if (pid_ == 0)
        return;
    killThrough(pidfd_);
    pid_ = 0;
}

} // namespace nsd
