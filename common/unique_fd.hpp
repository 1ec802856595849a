// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <unistd.h>

#include <utility>

namespace nsd {

// The one owner of a file descriptor; closes it when it goes. Every descriptor that nsd opens or
// receives lives in one of these from the line that made it, so that no error path can leak it.
class UniqueFd {
  public:
    UniqueFd() noexcept = default;
    explicit UniqueFd(int fd) noexcept : fd_(fd) {}
    UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept {
        if (this != &other)
            reset(other.release());
        return *this;
    }
    UniqueFd(const UniqueFd&) = delete;
    UniqueFd& operator=(const UniqueFd&) = delete;
    ~UniqueFd() { reset(); }

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }
    explicit operator bool() const noexcept { return valid(); }

    // Gives the descriptor away; the caller closes it.
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

    // Closes what is held and takes `fd`. close(2) is never repeated on EINTR: on Linux the
    // descriptor is gone already, and the number may belong to somebody else.
    void reset(int fd = -1) noexcept {
        if (fd_ >= 0)
            ::close(fd_);
        fd_ = fd;
    }

    // A second descriptor for the same open file, O_CLOEXEC. Throws Error on EMFILE.
    [[nodiscard]] UniqueFd duplicate() const;

  private:
    int fd_ = -1;
};

// F_DUPFD_CLOEXEC of a descriptor that somebody else owns (a D-Bus message, the caller's own).
// Throws Error{LimitExceeded} on EMFILE, Error{WrongFd} on EBADF.
[[nodiscard]] UniqueFd duplicateFd(int fd);

} // namespace nsd
