// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/sysctls.hpp"

#include "common/error.hpp"
#include "common/open_beneath.hpp"
#include "common/quote.hpp"
#include "daemon/worker/child_process.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

// As sysctl(8): dots part the name, and a slash is a dot inside a part ("net.ipv4.conf.eth0/1.…").
std::string pathOf(const std::string& name) {
    std::string path = name;
    std::transform(path.begin(), path.end(), path.begin(), [](char c) {
        return c == '.' ? '/' : c == '/' ? '.' : c;
    });
    // "net.//.kernel.hostname" would be net/../kernel/hostname, and the host's.
    if (('/' + path + '/').find("/../") != std::string::npos)
        throw Error(Errc::InvalidArgument, quoted(name) + " is not the name of a setting");
    return path;
}

NamespaceType typeOf(const std::string& name) {
    return name.rfind("net.", 0) == 0 ? NamespaceType::Net : NamespaceType::Ipc;
}

// Nothing but what lies below the directory: no link, and no other file system. A mount of procfs's own is
// right: containers have them on /proc/sys and /proc/sys/net. With EXDEV in errno if it is something else.
UniqueFd openBelow(int directory, const std::string& path, int flags) {
    auto setting = tryOpenBeneath(directory, path, flags);
    struct statfs system {};
    if (setting && (::fstatfs(setting.get(), &system) != 0 || system.f_type != PROC_SUPER_MAGIC)) {
        setting.reset();
        errno = EXDEV;
    }
    return setting;
}

// 0 or an errno value.
int writeSetting(int directory, const std::string& path, const std::string& value) {
    const auto setting = openBelow(directory, path, O_WRONLY);
    return setting ? writeOnce(setting.get(), value) : errno;
}

// Settings of ipc may be written by their owner alone, whatever capabilities others have: up to Linux
// 6.8 the host's root, later root of the user namespace that owns the ipc namespace. The kernel asks
// at open(2) and again at write(2).
int writeSettingAsItsOwner(int directory, const std::string& path, const std::string& value) {
    struct stat status {};
    if (const auto file = openBelow(directory, path, O_PATH); !file || ::fstat(file.get(), &status) != 0)
        return errno;
    if (::seteuid(status.st_uid) != 0)
        return errno;
    const int failure = writeSetting(directory, path, value);
    return ::seteuid(0) == 0 ? failure : errno;
}

void applyOne(int directory, const std::string& name, const std::string& value) {
    const auto path = pathOf(name);
    int failure = writeSetting(directory, path, value);
    if (failure == EACCES)
        failure = writeSettingAsItsOwner(directory, path, value);
    if (failure == ENOENT)
        throw Error(Errc::InvalidArgument, "the kernel has no setting " + quoted(name), ENOENT);
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
