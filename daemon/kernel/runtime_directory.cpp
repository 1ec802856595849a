// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/runtime_directory.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/kernel/mount_point.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fcntl.h>
#include <linux/magic.h>
#include <string_view>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

constexpr mode_t publicMode = 0755;
constexpr mode_t privateMode = 0700;

UniqueFd openDirectory(int at, const std::string& path) {
    UniqueFd directory(::openat(at, path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory)
        throw kernelError("open", "the directory " + quoted(path), errno);
    return directory;
}

// Makes it, and mends owner and mode where it was there: whoever owned it could replace what is in it.
void makeDirectory(int at, const std::string& path, mode_t mode) {
    if (::mkdirat(at, path.c_str(), mode) != 0 && errno != EEXIST)
        throw kernelError("make", "the directory " + quoted(path), errno);
    const auto directory = openDirectory(at, path);
    if (::fchown(directory.get(), 0, 0) != 0 || ::fchmod(directory.get(), mode) != 0)
        throw kernelError("set owner and mode of", quoted(path), errno);
}

// Who says in the lock file that it holds the lock, if it lives. A daemon that is just starting has
// not written yet, and what stands there is its predecessor's.
std::string holderOf(int lock) {
    std::array<char, 16> text{};
    const auto length = ::pread(lock, text.data(), text.size(), 0);
    pid_t pid = 0;
    if (length > 0)
        std::from_chars(text.data(), text.data() + length, pid);
    if (pid <= 0 || (::kill(pid, 0) != 0 && errno == ESRCH))
        return "another nsd that is just starting";
    return "another nsd, process " + std::to_string(pid);
}

// For root alone: whoever can open the file can lock it.
UniqueFd takeLock(const std::string& path) {
    const auto file = path + "/lock";
    UniqueFd lock(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!lock)
        throw kernelError("open", "the lock " + quoted(file), errno);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            throw kernelError("lock", quoted(file), errno);
        throw Error(Errc::Busy,
            quoted(path) + " is in use by " + holderOf(lock.get()) +
                ": stop that one first, or give this one a RUNTIME_DIRECTORY of its own",
            EWOULDBLOCK);
    }
    const auto pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(lock.get(), 0) != 0 ||
        ::pwrite(lock.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
        throw kernelError("write our process id into", quoted(file), errno);
    return lock;
}

void mountOn(const std::string& path, const char* source, const char* type, unsigned long flags,
    const char* options, std::string_view step) {
    if (::mount(source, path.c_str(), type, flags, options) != 0)
        throw kernelError(step, quoted(path), errno);
}

void bindOnItself(const std::string& path) {
    if (!isMountPoint(AT_FDCWD, path))
        mountOn(path, path.c_str(), nullptr, MS_BIND, nullptr, "bind on itself");
    // What is mounted below must not propagate into the mount namespaces of services.
    mountOn(path, nullptr, nullptr, MS_PRIVATE, nullptr, "make private");
}

UniqueFd mountNamespaces(const std::string& path) {
    makeDirectory(AT_FDCWD, path, privateMode);
    if (!isMountPoint(AT_FDCWD, path))
        mountOn(path, "nsd", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700", "mount a tmpfs on");
    auto directory = openDirectory(AT_FDCWD, path);
    struct statfs fileSystem {};
    if (::fstatfs(directory.get(), &fileSystem) != 0)
        throw kernelError("fstatfs", "of " + quoted(path), errno);
    if (fileSystem.f_type != TMPFS_MAGIC)
        throw Error(Errc::KernelError,
            "what is mounted on " + quoted(path) + " is no tmpfs and not made by nsd: unmount it");
    // Private first: an unbindable mount cannot be a shared one. Unbindable, so that an rbind of its
    // parent and its recursive umount cannot take the pins along.
    mountOn(path, nullptr, nullptr, MS_PRIVATE, nullptr, "make private");
    mountOn(path, nullptr, nullptr, MS_UNBINDABLE, nullptr, "make unbindable");
    for (const auto* below : {".stage", ".trash", ".quarantine"})
        makeDirectory(directory.get(), below, privateMode);
    return directory;
}

} // namespace

RuntimeDirectory::RuntimeDirectory(std::string path) : path_(std::move(path)) {
    if (path_.empty() || path_.front() != '/')
        throw Error(
            Errc::InvalidArgument, "the runtime directory " + quoted(path_) + " is not an absolute path");
    makeDirectory(AT_FDCWD, path_, publicMode);
    // Before any mount: of several daemons that start at once, one goes on. The lock file is the same
    // one below and above the bind mount.
    lock_ = takeLock(path_);
    bindOnItself(path_);
    namespaces_ = mountNamespaces(path_ + "/ns");
    makeDirectory(AT_FDCWD, path_ + "/process", privateMode);
    processes_ = openDirectory(AT_FDCWD, path_ + "/process");
}

} // namespace nsd
