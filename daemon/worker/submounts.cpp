// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/submounts.hpp"

#include "common/error.hpp"
#include "daemon/worker/mount_scan.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace nsd::worker {
namespace {

std::string mountsOfThisProcess() {
    std::ifstream file("/proc/self/mountinfo");
    return {std::istreambuf_iterator<char>(file), {}};
}

// With all that is mounted below. Invalid, with errno, where that fails.
UniqueFd copyOfMounts(const std::string& path) {
    return UniqueFd(static_cast<int>(::syscall(
        SYS_open_tree, AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)));
}

} // namespace

bool attachMount(int mount, const std::string& path) {
    return ::syscall(SYS_move_mount, mount, "", AT_FDCWD, path.c_str(), MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

Submounts::Submounts(std::string directory) : directory_(std::move(directory)) {
    for (auto& target : mountsBelow(mountsOfThisProcess(), directory_)) {
        auto copy = copyOfMounts(target);
        if (copy)
            mounts_.push_back({std::move(target), std::move(copy)});
        else if (errno != EINVAL && errno != ENOENT) // unbindable; covered by another one
            throw kernelError("copy what is mounted on", target, errno);
    }
}

void Submounts::attachOne(const Mount& mount) {
    if (!attachMount(mount.copy.get(), mount.target) && errno != ENOENT && errno != ENOTDIR)
        throw kernelError("mount again on", mount.target, errno);
}

} // namespace nsd::worker
