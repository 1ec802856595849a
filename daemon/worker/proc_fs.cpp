// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/proc_fs.hpp"

#include "common/error.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace nsd::worker {

int writeOnce(int fd, std::string_view text) noexcept {
    const auto written = ::write(fd, text.data(), text.size());
    if (written < 0)
        return errno;
    return static_cast<std::size_t>(written) == text.size() ? 0 : EIO;
}

std::optional<std::string> readToEnd(int fd) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto got = ::read(fd, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return std::nullopt;
        if (got == 0)
            return text;
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

ProcFs::ProcFs() : root_(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    if (!root_)
        throw kernelError("open", "/proc", errno);
    struct statfs fs {};
    if (::fstatfs(root_.get(), &fs) != 0)
        throw kernelError("statfs", "/proc", errno);
    if (fs.f_type != PROC_SUPER_MAGIC)
        throw Error(Errc::KernelError, "/proc is not procfs");
}

UniqueFd ProcFs::tryOpen(const std::string& path, int flags) const noexcept {
    return UniqueFd(::openat(root_.get(), path.c_str(), flags | O_CLOEXEC));
}

UniqueFd ProcFs::open(const std::string& path, int flags) const {
    auto fd = tryOpen(path, flags);
    if (!fd)
        throw kernelError("open", "/proc/" + path, errno);
    return fd;
}

std::optional<std::string> ProcFs::read(const std::string& path) const {
    const auto fd = tryOpen(path, O_RDONLY);
    return fd ? readToEnd(fd.get()) : std::nullopt;
}

void ProcFs::write(const std::string& path, std::string_view text, std::string_view step) const {
    const auto fd = tryOpen(path, O_WRONLY);
    const int failure = fd ? writeOnce(fd.get(), text) : errno;
    if (failure != 0)
        throw kernelError(step, "", failure);
}

UniqueFd ProcFs::openMade(pid_t pid, NamespaceType type) const {
    const std::string file(procFileAfterUnshare(type));
    auto fd = tryOpen(std::to_string(pid) + "/ns/" + file, O_RDONLY);
    if (!fd)
        throw kernelError("open the new namespace", toWord(type), errno);
    return fd;
}

} // namespace nsd::worker
