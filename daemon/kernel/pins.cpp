// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/pins.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/unique_fd.hpp"
#include "daemon/kernel/mount_point.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd {
namespace {

// All files of nsfs are on one internal mount of the kernel, so its device number tells them apart
// from whatever else could be mounted on a pin, without opening (and so holding) it.
dev_t nsfsDevice() {
    struct stat status {};
    if (::stat("/proc/self/ns/mnt", &status) != 0)
        throw kernelError("stat", "/proc/self/ns/mnt", errno);
    return status.st_dev;
}

bool isPinned(int directory, const std::string& leaf, dev_t nsfs) {
    struct stat status {};
    if (::fstatat(directory, leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
        throw kernelError("stat", "of pin " + quoted(leaf), errno);
    return status.st_dev == nsfs;
}

} // namespace

void bindPin(int nsFd, int directory, const std::string& leaf) {
    const UniqueFd mountPoint(
        ::openat(directory, leaf.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!mountPoint)
        throw kernelError("make", "the mount point " + quoted(leaf), errno);
    // Both by descriptor: nothing that happens to the names meanwhile can lead elsewhere.
    if (::mount(pathOfFd(nsFd).c_str(), pathOfFd(mountPoint.get()).c_str(), nullptr, MS_BIND, nullptr) == 0)
        return;
    const int error = errno;
    ::unlinkat(directory, leaf.c_str(), 0);
    throw kernelError("bind a namespace on", quoted(leaf), error);
}

bool removePin(int directory, const std::string& leaf) {
    static const dev_t nsfs = nsfsDevice();
    try {
        const auto path = pathOfFd(directory) + "/" + leaf;
        while (isPinned(directory, leaf, nsfs))
            if (::umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) != 0)
                throw kernelError("unmount", "pin " + quoted(leaf), errno);
    } catch (const Error& error) {
        if (error.errnoValue() == ENOENT)
            return false;
        throw;
    }
    if (::unlinkat(directory, leaf.c_str(), 0) == 0)
        return true;
    if (errno == ENOENT)
        return false;
    throw kernelError("unlink", "pin " + quoted(leaf), errno);
}

} // namespace nsd
