// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/pid_init.hpp"

#include "common/error.hpp"
#include "common/linux_numbers.hpp"
#include "daemon/kernel/process_facts.hpp"

#include <cerrno>
#include <csignal>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

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

void signalInit(const InitProcess& init, int signal) {
    if (::syscall(SYS_pidfd_send_signal, init.pidfd.get(), signal, nullptr, 0) != 0 && errno != ESRCH)
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

void endInit(const InitProcess& init) {
    signalInit(init, SIGTERM);
}

void lingerInit(const InitProcess& init) {
    signalInit(init, SIGUSR1);
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
