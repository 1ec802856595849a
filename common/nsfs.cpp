// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/nsfs.hpp"

#include "common/error.hpp"
#include "common/linux_numbers.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <utility>

namespace nsd {
namespace {

using Device = std::pair<std::uint32_t, std::uint32_t>;

std::optional<Device> deviceOf(int directory, const char* path, int flags) noexcept {
    struct statx status {};
    if (::statx(directory, path, flags, 0, &status) != 0)
        return std::nullopt;
    return Device{status.stx_dev_major, status.stx_dev_minor};
}

} // namespace

bool NamespaceIdentity::sameAs(const NamespaceIdentity& other) const noexcept {
    if (type != other.type)
        return false;
    if (id != 0 && other.id != 0)
        return id == other.id;
    return device == other.device && inode == other.inode;
}

bool isNamespaceFd(int fd) noexcept {
    // All of nsfs is one superblock, so its device number tells. A client may send a file of a FUSE
    // mount whose server never answers: fstatfs(2) and fstat(2) would wait for it, statx(2) with
    // AT_STATX_DONT_SYNC takes what the kernel knows and asks nobody.
    static const auto nsfsDevice = deviceOf(AT_FDCWD, "/proc/self/ns/user", 0);
    return nsfsDevice && deviceOf(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC) == nsfsDevice;
}

std::optional<std::uint64_t> kernelNamespaceId(int fd, NamespaceType type) noexcept {
    std::uint64_t id = 0;
    if (::ioctl(fd, linux_numbers::nsGetId, &id) == 0 && id != 0)
        return id;
    if (type == NamespaceType::Mnt && ::ioctl(fd, linux_numbers::nsGetMntnsId, &id) == 0 && id != 0)
        return id;
    return std::nullopt;
}

NamespaceIdentity identifyNamespace(int fd) {
    if (!isNamespaceFd(fd))
        throw Error(Errc::WrongFd, "the file descriptor is not a namespace");
    const int flag = ::ioctl(fd, NS_GET_NSTYPE);
    if (flag < 0) // O_PATH descriptors answer EBADF here
        throw Error(Errc::WrongFd,
            "the file descriptor does not say which namespace it is: " + errnoText(errno), errno);
    struct stat status {};
    if (::fstat(fd, &status) != 0)
        throw kernelError("fstat", "of a namespace", errno);
    const auto type = namespaceTypeFromCloneFlag(flag);
    return {type, status.st_dev, status.st_ino, kernelNamespaceId(fd, type).value_or(0)};
}

} // namespace nsd
