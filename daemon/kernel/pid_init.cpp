// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/pid_init.hpp"

#include "common/error.hpp"
#include "common/linux_numbers.hpp"
#include "daemon/kernel/process_facts.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

constexpr std::chrono::microseconds firstPause = std::chrono::milliseconds(100);
constexpr std::chrono::microseconds longestPause = std::chrono::minutes(1);

// The pid, here, of process 1 of a pid namespace. -1: there is none. 0: this kernel cannot say (before
// Linux 6.11).
pid_t askForInit(int pidNsFd) {
    const int pid = ::ioctl(pidNsFd, linux_numbers::nsGetPidFromPidns, 1);
    if (pid > 0)
        return pid;
    return errno == ESRCH ? -1 : 0;
}

bool isInit(int pidNsFd, pid_t candidate, bool kernelSays) {
    return kernelSays ? askForInit(pidNsFd) == candidate : isInitOf(candidate, identifyNamespace(pidNsFd));
}

void signalInit(const UniqueFd& pidfd, int signal) {
    if (::syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0) != 0 && errno != ESRCH)
        throw kernelError("signal", "the init of a pid namespace", errno);
}

} // namespace

std::optional<InitProcess> findInit(int pidNsFd, pid_t hint) {
    const auto answer = askForInit(pidNsFd);
    const bool kernelSays = answer != 0;
    const auto candidate = kernelSays ? answer : hint;
    if (candidate <= 0)
        return std::nullopt;
    InitProcess init;
    init.pid = candidate;
    try {
        init.pidfd.reset(openPidfd(candidate));
    } catch (const Error& error) {
        if (error.errnoValue() == ESRCH || error.errnoValue() == EINVAL)
            return std::nullopt;
        throw;
    }
    // A pid namespace never gets a second process 1: who is it after the pidfd was opened was it then.
    if (!isInit(pidNsFd, candidate, kernelSays) || !isAlive(init.pidfd.get()))
        return std::nullopt;
    return init;
}

bool kernelFindsInits(int pidNsFd) {
    return askForInit(pidNsFd) != 0;
}

void endInit(const InitProcess& init) {
    // It has nothing to save, and a member's SIGTERM that is pending would swallow ours.
    signalInit(init.pidfd, SIGKILL);
}

void settleInit(MadeNamespaces& made) {
    if (!made.init)
        return;
    const char settled = 1;
    if (!isAlive(made.init->pidfd.get()))
        throw Error(Errc::KernelError, "the init of the pid namespace has ended", ESRCH);
    if (::write(made.initLeash.get(), &settled, 1) != 1)
        throw kernelError("settle", "the init of the pid namespace", errno);
    made.initLeash.reset();
}

void LingeringInits::add(const InitProcess& init) {
    signalInit(init.pidfd, SIGUSR1);
    Init watched{init.pidfd.duplicate(), firstPause, {}, {}};
    watched.death =
        loop_.watch(watched.pidfd.get(), EPOLLIN, [this, pid = init.pid](std::uint32_t) { drop(pid); });
    watched.repetition = loop_.after(watched.pause, [this, pid = init.pid] { tell(pid); });
    inits_.insert_or_assign(init.pid, std::move(watched));
}

void LingeringInits::tell(pid_t pid) {
    auto& init = inits_.at(pid);
    ::syscall(SYS_pidfd_send_signal, init.pidfd.get(), SIGUSR1, nullptr, 0);
    init.pause = std::min(init.pause * 2, longestPause);
    // The source of this very handler goes later.
    loop_.post([told = std::make_shared<Loop::SourcePtr>(std::move(init.repetition))] {});
    init.repetition = loop_.after(init.pause, [this, pid] { tell(pid); });
}

void LingeringInits::drop(pid_t pid) {
    loop_.post([gone = std::make_shared<Init>(std::move(inits_.at(pid)))] {});
    inits_.erase(pid);
}

void KnownInits::remember(const NamespaceIdentity& pidNamespace, pid_t init) {
    inits_[pidNamespace.inode] = init;
}

std::vector<pid_t> KnownInits::among(const std::vector<NamespaceIdentity>& namespaces) {
    std::vector<pid_t> inits;
    for (const auto& identity : namespaces) {
        const auto found = identity.type == NamespaceType::Pid ? inits_.find(identity.inode) : inits_.end();
        if (found == inits_.end())
            continue;
        if (isInitOf(found->second, identity))
            inits.push_back(found->second);
        else
            inits_.erase(found);
    }
    return inits;
}

} // namespace nsd
