// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"

#include <cstdint>
#include <memory>

#include <systemd/sd-event.h>

namespace nsd {

// The Loop on sd-event: one thread, and the owner of the process's signals. While it lives,
// SIGCHLD, SIGTERM, SIGINT and SIGHUP are blocked and come through the loop, and SIGPIPE is blocked
// and forgotten, so that a reader of the log who leaves is no reason to die; started programs need
// their signal mask reset. Sources may be destroyed in any handler, their own included.
class EventLoop : public Loop {
  public:
    // Throws Error. The log must outlive the loop.
    explicit EventLoop(Log& log);
    ~EventLoop() override;

    // Runs until exit(); the answer is its status. SIGTERM and SIGINT end it with 0, a handler's
    // exception with EXIT_FAILURE.
    [[nodiscard]] int run();
    // Called at each SIGHUP; without one it is ignored.
    void onHangUp(std::function<void()> handler);
    // Forgets what was posted and has not run: for the teardown after run(), when those that it would
    // work on are gone, and before what its captures still need is.
    void discardPosted() noexcept;
    // For what only sd-event can do (dbus/LoopAttachment); stays the loop's.
    [[nodiscard]] sd_event* handle() const noexcept;

    [[nodiscard]] SourcePtr watch(
        int fd, std::uint32_t events, std::function<void(std::uint32_t)> ready) override;
    [[nodiscard]] SourcePtr after(std::chrono::microseconds delay, std::function<void()> due) override;
    // A child that was reaped before somebody asked is told of, too, if it is among the last 1024.
    [[nodiscard]] SourcePtr onExit(pid_t child, std::function<void(int status)> exited) override;
    void post(std::function<void()> work) override;
    [[nodiscard]] std::chrono::microseconds now() const override;
    void exit(int status) override;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nsd
