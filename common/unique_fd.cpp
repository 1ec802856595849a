// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/unique_fd.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <fcntl.h>

namespace nsd {

UniqueFd duplicateFd(int fd) {
    UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
    if (!copy && errno == EBADF)
        throw Error(Errc::WrongFd, "the file descriptor is not open");
    if (!copy)
        throw kernelError("duplicate", "a file descriptor", errno);
    return copy;
}

UniqueFd UniqueFd::duplicate() const {
    return duplicateFd(fd_);
}

} // namespace nsd
