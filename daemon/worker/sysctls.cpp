// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/sysctls.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/worker/child_process.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

// As sysctl(8): dots part the name, and a slash is a dot inside a part ("net.ipv4.conf.eth0/1.…").
std::string pathOf(const std::string& name) {
    std::string path = name;
    std::transform(path.begin(), path.end(), path.begin(), [](char c) {
        return c == '.' ? '/' : c == '/' ? '.' : c;
    });
    return path;
}

NamespaceType typeOf(const std::string& name) {
    return name.rfind("net.", 0) == 0 ? NamespaceType::Net : NamespaceType::Ipc;
}

// Nothing but /proc/sys itself: no "..", no link, nothing that is mounted inside.
UniqueFd openSetting(int directory, const std::string& path) {
    open_how how{};
    how.flags = O_WRONLY | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV;
    return UniqueFd(static_cast<int>(::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how)));
}

void applyOne(int directory, const std::string& name, const std::string& value) {
    const auto setting = openSetting(directory, pathOf(name));
    if (!setting && errno == ENOENT)
        throw Error(Errc::InvalidArgument, "the kernel has no setting " + quoted(name), ENOENT);
    const int failure = setting ? writeOnce(setting.get(), value) : errno;
    if (failure == EINVAL)
        throw Error(Errc::InvalidArgument,
            "the kernel does not take the value " + quoted(value) + " for " + quoted(name), EINVAL);
    if (failure != 0)
        throw kernelError("set the sysctl", quoted(name) + " to " + quoted(value), failure);
}

} // namespace

void applySysctls(
    const ProcFs& proc, pid_t pid, NamespaceTypes types, const std::map<std::string, std::string>& sysctls) {
    NamespaceTypes entered;
    for (const auto& [name, value] : sysctls)
        entered.insert(typeOf(name));
    if (!types.containsAll(entered))
        throw Error(
            Errc::InvalidArgument, "sysctls of a type that is not being made: only " + describe(types));
    static_cast<void>(runInChild([&] {
        for (const auto type : entered)
            if (::setns(proc.openMade(pid, type).get(), cloneFlag(type)) != 0)
                throw kernelError("enter for its sysctls the namespace", toWord(type), errno);
        const auto directory = proc.open("sys", O_PATH | O_DIRECTORY);
        for (const auto& [name, value] : sysctls)
            applyOne(directory.get(), name, value);
        return std::string();
    }));
}

} // namespace nsd::worker
