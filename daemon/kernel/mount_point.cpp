// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/mount_point.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace nsd {

bool isMountPoint(int directory, const std::string& leaf) {
    struct statx status {};
    const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
    if (::statx(directory, leaf.c_str(), flags, 0, &status) != 0)
        throw kernelError("statx", leaf.empty() ? "of a directory" : "of " + quoted(leaf), errno);
    return (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

std::string pathOfFd(int fd) {
    return "/proc/self/fd/" + std::to_string(fd);
}

} // namespace nsd
