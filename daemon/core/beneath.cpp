// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/beneath.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd {
namespace {

void writeAll(int fd, std::string_view text, const std::string& leaf) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            throw kernelError("write", leaf, errno);
        if (written > 0)
            text.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

UniqueFd openBeneath(int directory, const std::string& path, int flags, Mounts mounts) {
    auto fd = tryOpenBeneath(directory, path, flags, mounts);
    if (!fd)
        throw kernelError("open", quoted(path), errno);
    return fd;
}

std::string readSmallFile(int directory, const std::string& leaf, std::size_t maxBytes) {
    const auto file = openBeneath(directory, leaf, O_RDONLY);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        throw kernelError("fstat", leaf, errno);
    if (!S_ISREG(status.st_mode))
        throw Error(Errc::InvalidArgument, leaf + " is not a regular file");
    const auto complainOfSize = [&] {
        throw Error(Errc::InvalidArgument, leaf + " has more than " + std::to_string(maxBytes) + " bytes");
    };
    if (static_cast<std::uint64_t>(status.st_size) > maxBytes)
        complainOfSize();
    // One byte more than it says: a file may grow, and one of procfs says 0.
    std::string text(static_cast<std::size_t>(status.st_size) + 1, '\0');
    std::size_t size = 0;
    for (;;) {
        const auto got = ::read(file.get(), text.data() + size, text.size() - size);
        if (got < 0 && errno != EINTR)
            throw kernelError("read", leaf, errno);
        if (got == 0)
            break;
        size += got > 0 ? static_cast<std::size_t>(got) : 0;
        if (size > maxBytes)
            complainOfSize();
        if (size == text.size())
            text.resize(std::min(2 * size, maxBytes + 1));
    }
    text.resize(size);
    return text;
}

void writeNewFile(int directory, const std::string& leaf, const std::string& text) {
    const UniqueFd file(::openat(
        directory, leaf.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file)
        throw kernelError("create", leaf, errno);
    try {
        writeAll(file.get(), text, leaf);
    } catch (const Error&) {
        ::unlinkat(directory, leaf.c_str(), 0);
        throw;
    }
}

bool removeFile(int directory, const std::string& leaf) {
    if (::unlinkat(directory, leaf.c_str(), 0) == 0)
        return true;
    if (errno == ENOENT)
        return false;
    throw kernelError("unlink", leaf, errno);
}

} // namespace nsd
