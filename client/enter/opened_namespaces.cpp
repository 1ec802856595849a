// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/opened_namespaces.hpp"

#include "client/cli/arguments.hpp"
#include "client/cli/values.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace nsd::client {
namespace {

struct stat statusOf(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        throw kernelError("look at", path, errno);
    return status;
}

bool isOurs(const std::string& path, NamespaceType type) {
    const auto theirs = statusOf(path);
    const auto own = statusOf("/proc/self/ns/" + std::string(toWord(type)));
    return theirs.st_dev == own.st_dev && theirs.st_ino == own.st_ino;
}

// pid_for_children is not there until the first child is.
bool isThere(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0;
}

// The file of the process's namespace, or of its children's where the process is still in ours.
std::string fileOf(pid_t pid, NamespaceType type) {
    const auto directory = "/proc/" + std::to_string(pid) + "/ns/";
    const auto own = directory + std::string(toWord(type));
    const auto children = directory + std::string(procFileAfterUnshare(type));
    return children != own && isOurs(own, type) && isThere(children) ? children : own;
}

} // namespace

UniqueFd openFile(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd)
        throw kernelError("open", path, errno);
    return fd;
}

UniqueFd openDirectory(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
        throw kernelError("open", path, errno);
    return fd;
}

UniqueFd openProcess(pid_t pid) {
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd && errno == ESRCH)
        throw Error(Errc::KernelError, "there is no process " + std::to_string(pid), ESRCH);
    if (!pidfd)
        throw kernelError("open", "process " + std::to_string(pid), errno);
    return pidfd;
}

NamespaceFds openNamespacesOf(pid_t pid, std::optional<NamespaceTypes> types) {
    const auto pidfd = openProcess(pid);
    NamespaceFds fds;
    for (const auto type : types.value_or(NamespaceTypes::all()))
        if (const auto file = fileOf(pid, type); types || !isOurs(file, type))
            fds.emplace(type, openFile(file));
    // The number may have gone to another process meanwhile.
    pollfd end{pidfd.get(), POLLIN, 0};
    if (::poll(&end, 1, 0) != 0)
        throw Error(Errc::KernelError, "process " + std::to_string(pid) + " ended meanwhile", ESRCH);
    if (fds.empty())
        throw Error(Errc::InvalidArgument,
            "process " + std::to_string(pid) + " is in no other namespaces than nsctl itself");
    return fds;
}

NamespaceFds openNamespaceFiles(const std::vector<std::string>& words) {
    NamespaceFds fds;
    for (const auto& word : words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos)
            throw UsageError(quoted(word) + " is not TYPE=FILE");
        const auto types = parseTypes({word.substr(0, equals)});
        if (types.size() != 1)
            throw UsageError(quoted(word) + " is not TYPE=FILE with one type");
        const auto type = *types.begin();
        if (!fds.emplace(type, openFile(word.substr(equals + 1))).second)
            throw UsageError("type " + std::string(toWord(type)) + " is given twice");
    }
    return fds;
}

} // namespace nsd::client
