// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/process_facts.hpp"

#include "common/error.hpp"
#include "common/proc_stat.hpp"
#include "common/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd {

std::string readProcFile(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; file && (got = ::read(file.get(), buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(got));
    return text;
}

std::string programOfProcess(pid_t pid) {
    constexpr std::string_view replaced = " (deleted)";
    std::string path(4096, '\0');
    const auto link = "/proc/" + std::to_string(pid) + "/exe";
    const auto length = ::readlink(link.c_str(), path.data(), path.size());
    path.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    if (path.ends_with(replaced))
        path.resize(path.size() - replaced.size());
    return path.substr(path.rfind('/') + 1);
}

std::uint64_t startTimeOf(pid_t pid) {
    return startTimeInStat(readProcFile("/proc/" + std::to_string(pid) + "/stat"));
}

std::optional<std::string_view> procField(std::string_view text, std::string_view field) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        if (line.starts_with(field) && line.substr(field.size()).starts_with(":\t"))
            return line.substr(field.size() + 2);
        if (end == std::string_view::npos)
            break;
        text.remove_prefix(end + 1);
    }
    return std::nullopt;
}

std::optional<NamespaceIdentity> namespaceOfProcess(pid_t pid, NamespaceType type) {
    const auto path = "/proc/" + std::to_string(pid) + "/ns/" + std::string(toWord(type));
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return std::nullopt;
    return NamespaceIdentity{type, status.st_dev, status.st_ino, 0};
}

bool isInitOf(pid_t pid, const NamespaceIdentity& pidNamespace) {
    const auto own = namespaceOfProcess(pid, NamespaceType::Pid);
    if (!own || own->device != pidNamespace.device || own->inode != pidNamespace.inode)
        return false;
    // "NSpid: 4711 1": its pid in each pid namespace from ours down to its own.
    const auto status = readProcFile("/proc/" + std::to_string(pid) + "/status");
    const auto pids = procField(status, "NSpid");
    return pids && pids->substr(pids->rfind('\t') + 1) == "1";
}

int openPidfd(pid_t pid) {
    const auto pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (pidfd < 0)
        throw kernelError("open a pidfd of", "process " + std::to_string(pid), errno);
    return pidfd;
}

bool isAlive(int pidfd) {
    pollfd polled{pidfd, POLLIN, 0};
    return ::poll(&polled, 1, 0) == 0;
}

} // namespace nsd
