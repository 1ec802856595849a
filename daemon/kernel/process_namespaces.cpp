// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/process_namespaces.hpp"

#include "common/error.hpp"
#include "daemon/kernel/process_facts.hpp"

#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace nsd {
namespace {

template <class Number>
std::optional<Number> numberAt(std::string_view text) {
    Number number{};
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{})
        return std::nullopt;
    return number;
}

// The kernel alone writes fdinfo, so a "Pid:" in it makes a pidfd of the descriptor, whatever it was
// said to be.
pid_t pidOf(int pidfd) {
    const auto info = readProcFile("/proc/self/fdinfo/" + std::to_string(pidfd));
    const auto field = procField(info, "Pid");
    const auto pid = field ? numberAt<pid_t>(*field) : std::nullopt;
    if (!pid)
        throw Error(Errc::WrongFd, "the file descriptor is not a pidfd");
    if (*pid == 0)
        throw Error(Errc::WrongFd, "the process behind the pidfd is not to be seen from nsd's pid namespace");
    if (*pid < 0)
        throw Error(Errc::WrongFd, "the process behind the pidfd is gone");
    return *pid;
}

// "Uid: real effective saved file-system"
std::optional<uid_t> effectiveUid(std::string_view status) {
    const auto uids = procField(status, "Uid");
    const auto tab = uids ? uids->find('\t') : std::string_view::npos;
    if (tab == std::string_view::npos)
        return std::nullopt;
    return numberAt<uid_t>(uids->substr(tab + 1));
}

// Why none of a process's namespaces is to be seen, as the kernel says it: 0 if they are.
int whyHidden(pid_t pid) {
    struct stat status {};
    return ::stat(("/proc/" + std::to_string(pid) + "/ns/mnt").c_str(), &status) == 0 ? 0 : errno;
}

} // namespace

Kernel::ProcessNamespaces namespacesOfProcess(int pidfd) {
    const auto pid = pidOf(pidfd);
    const auto uid = effectiveUid(readProcFile("/proc/" + std::to_string(pid) + "/status"));
    Kernel::ProcessNamespaces process;
    for (const auto type : allNamespaceTypes)
        if (const auto identity = namespaceOfProcess(pid, type))
            process.namespaces.push_back(*identity);
    // Only a process that still lives was the one we read of; the pid of a dead one may be another's.
    const int hidden = process.namespaces.empty() ? whyHidden(pid) : 0;
    if (!uid || !isAlive(pidfd))
        throw Error(Errc::WrongFd, "the process behind the pidfd is gone");
    // A security module or a sandbox may keep even root from looking.
    if (hidden != 0)
        throw kernelError("look at", "the namespaces of process " + std::to_string(pid), hidden);
    process.uid = *uid;
    return process;
}

} // namespace nsd
