// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#ifndef NDEBUG
#include <cstdio>
#include <cstdlib>
#include <sys/stat.h>
#endif

namespace nsd {

// Of a descriptor that the loop watches: a build for tests ends where it was closed before its source went.
// Its number may be another one's by then, and the loop would take that off its epoll(7) set: nothing is
// heard of it any more, and nothing says so.
class WatchedDescriptor {
  public:
#ifdef NDEBUG
    explicit WatchedDescriptor(int /*fd*/) noexcept {}
#else
    explicit WatchedDescriptor(int fd) noexcept : fd_(fd) {
        static_cast<void>(::fstat(fd, &then_));
    }
    WatchedDescriptor(const WatchedDescriptor&) = delete;
    WatchedDescriptor& operator=(const WatchedDescriptor&) = delete;
    ~WatchedDescriptor() {
        struct stat now {};
        if (::fstat(fd_, &now) == 0 && now.st_dev == then_.st_dev && now.st_ino == then_.st_ino)
            return;
        std::fprintf(stderr, "descriptor %d was closed while the event loop watched it\n", fd_);
        std::abort();
    }

  private:
    int fd_;
    struct stat then_ {};
#endif
};

} // namespace nsd
