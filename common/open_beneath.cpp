// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/open_beneath.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <utility>

namespace nsd {
namespace {

using Part = std::array<char, NAME_MAX + 1>;

// One part of a path, which is no path itself. With errno where it is none.
std::optional<Part> asPart(std::string_view text) noexcept {
    if (text.empty() || text == "..") {
        errno = text.empty() ? ENOENT : EXDEV;
        return std::nullopt;
    }
    if (text.size() > NAME_MAX) {
        errno = ENAMETOOLONG;
        return std::nullopt;
    }
    Part part{};
    text.copy(part.data(), text.size());
    return part;
}

// The kernel's number of the mount that an open file is on; from the kernel's memory, not from the file
// system, which may be a FUSE that does not answer.
std::optional<std::uint64_t> mountOf(int fd) noexcept {
    struct statx status {};
    if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID, &status) != 0)
        return std::nullopt;
    if ((status.stx_mask & STATX_MNT_ID) == 0) {
        errno = EOPNOTSUPP;
        return std::nullopt;
    }
    return status.stx_mnt_id;
}

// O_PATH: nothing is asked of what is there.
UniqueFd look(int directory, std::string_view text, int kind, Mounts mounts) noexcept {
    const auto part = asPart(text);
    if (!part)
        return UniqueFd();
    UniqueFd fd(::openat(directory, part->data(), O_PATH | O_NOFOLLOW | O_CLOEXEC | kind));
    if (!fd || mounts == Mounts::Cross)
        return fd;
    const auto here = mountOf(directory);
    const auto there = mountOf(fd.get());
    if (here && there && *here == *there)
        return fd;
    const int failure = here && there ? EXDEV : errno;
    fd.reset();
    errno = failure;
    return fd;
}

UniqueFd openLast(int directory, std::string_view text, int flags, Mounts mounts) noexcept {
    if (mounts == Mounts::Stay) {
        const auto seen = look(directory, text, O_DIRECTORY, mounts);
        return seen ? UniqueFd(::openat(seen.get(), ".", flags)) : UniqueFd();
    }
    const auto part = asPart(text);
    UniqueFd fd(part ? ::openat(directory, part->data(), flags | O_NOFOLLOW) : -1);
    // With O_PATH a link itself is what is opened.
    struct stat status {};
    if (fd && (flags & O_PATH) != 0 && ::fstat(fd.get(), &status) == 0 && S_ISLNK(status.st_mode)) {
        fd.reset();
        errno = ELOOP;
    }
    return fd;
}

} // namespace

UniqueFd tryOpenBeneath(int directory, std::string_view path, int flags, Mounts mounts) noexcept {
    flags |= O_CLOEXEC | O_NONBLOCK;
    UniqueFd parent;
    for (auto slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
        auto next = look(parent ? parent.get() : directory, path.substr(0, slash), O_DIRECTORY, mounts);
        if (!next)
            return UniqueFd();
        parent = std::move(next);
        path.remove_prefix(slash + 1);
    }
    return openLast(parent ? parent.get() : directory, path, flags, mounts);
}

} // namespace nsd
