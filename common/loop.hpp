// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <sys/types.h>

namespace nsd {

// The daemon's one thread, as its layers see it. systemd/EventLoop implements it on sd-event, the
// unit tests with a clock that they turn by hand. Handlers may throw: the loop logs it and ends
// with an error, since an exception must not cross sd-event's C frames.
class Loop {
  public:
    // A registration: the handler is never called again once this is gone.
    class Source {
      public:
        Source() = default;
        Source(const Source&) = delete;
        Source& operator=(const Source&) = delete;
        virtual ~Source() = default;
    };
    using SourcePtr = std::unique_ptr<Source>;

    Loop() = default;
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    virtual ~Loop() = default;

    // Calls `ready` with the epoll events seen, each time that one of `events` (EPOLLIN …) is
    // there. The descriptor stays the caller's and must outlive the source.
    [[nodiscard]] virtual SourcePtr watch(
        int fd, std::uint32_t events, std::function<void(std::uint32_t)> ready) = 0;
    // Calls `due` once. CLOCK_BOOTTIME, so that a time to live goes on while the machine sleeps.
    [[nodiscard]] virtual SourcePtr after(std::chrono::microseconds delay, std::function<void()> due) = 0;
    // Calls `exited` with waitpid's status when the child has been reaped. The loop reaps every
    // child of the process, asked for or not: orphans of workers come home to the daemon.
    [[nodiscard]] virtual SourcePtr onExit(pid_t child, std::function<void(int status)> exited) = 0;
    // Calls `work` in a later turn of the loop. Here is where an object is destroyed whose own
    // handler is running now.
    virtual void post(std::function<void()> work) = 0;
    // Microseconds of CLOCK_BOOTTIME.
    [[nodiscard]] virtual std::chrono::microseconds now() const = 0;
    // Ends the loop; run() returns `status`.
    virtual void exit(int status) = 0;
};

} // namespace nsd
