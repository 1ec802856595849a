// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/mount_point.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd {

bool isMountPoint(int directory, const std::string& leaf) {
    struct statx status {};
    const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
    if (::statx(directory, leaf.c_str(), flags, 0, &status) != 0)
        throw kernelError("statx", leaf.empty() ? "of a directory" : "of " + quoted(leaf), errno);
    return (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

UniqueFd copyOfMount(int directory, const std::string& path) {
    UniqueFd copy(static_cast<int>(::syscall(SYS_open_tree, directory, path.c_str(),
        OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)));
    if (!copy)
        throw kernelError("copy what is mounted on", path.empty() ? "a directory" : quoted(path), errno);
    return copy;
}

std::string pathOfFd(int fd) {
    return "/proc/self/fd/" + std::to_string(fd);
}

} // namespace nsd
