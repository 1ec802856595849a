// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/join/whereabouts.hpp"

#include "common/error.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/limits.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::client {
namespace {

UniqueFd openDirectory(const char* path) {
    return UniqueFd(::open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

bool isSame(int directory, const char* path) {
    struct stat before {};
    struct stat now {};
    return ::fstat(directory, &before) == 0 && ::stat(path, &now) == 0 && before.st_dev == now.st_dev &&
           before.st_ino == now.st_ino;
}

void check(int result, const char* step, const char* onWhat) {
    if (result != 0)
        throw kernelError(step, onWhat, errno);
}

} // namespace

Whereabouts::Whereabouts() : root_(openDirectory("/")), directory_(openDirectory(".")) {
    if (!root_)
        throw kernelError("open", "/", errno);
    std::array<char, PATH_MAX> path{};
    if (::getcwd(path.data(), path.size()) != nullptr && path.front() == '/')
        path_ = path.data();
}

void Whereabouts::keepRoot() const {
    if (isSame(root_.get(), "/"))
        return;
    check(::fchdir(root_.get()), "go back to", "the root directory of before");
    check(::chroot("."), "chroot", "to the root directory of before");
}

void Whereabouts::keepDirectory() const {
    if (!directory_)
        return findDirectory();
    if (!path_.empty() && isSame(directory_.get(), path_.c_str()) && ::chdir(path_.c_str()) == 0)
        return;
    if (::fchdir(directory_.get()) != 0)
        findDirectory();
}

void Whereabouts::findDirectory() const {
    if (path_.empty() || ::chdir(path_.c_str()) != 0)
        check(::chdir("/"), "chdir", "/");
}

} // namespace nsd::client
