// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/nsfs.hpp"

#include "common/error.hpp"
#include "common/linux_numbers.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace nsd {

bool NamespaceIdentity::sameAs(const NamespaceIdentity& other) const noexcept {
    if (type != other.type)
        return false;
    if (id != 0 && other.id != 0)
        return id == other.id;
    return device == other.device && inode == other.inode;
}

bool isNamespaceFd(int fd) noexcept {
    // A client may send a file of a FUSE mount whose server never answers: fstatfs(2) would wait for
    // it. What d_path says asks nobody: "net:[4026531840]" for nsfs, "/…" for a file with a path.
    std::array<char, 32> link{};
    std::array<char, 2> target{};
    std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", fd);
    if (::readlink(link.data(), target.data(), target.size()) < 1 || target.front() == '/')
        return false;
    struct statfs fs {};
    return ::fstatfs(fd, &fs) == 0 && static_cast<std::uint64_t>(fs.f_type) == linux_numbers::nsfsMagic;
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
