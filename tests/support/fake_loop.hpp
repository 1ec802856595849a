// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

namespace nsd::test {

// A loop that a test turns by hand: its clock stands still until advance(), its descriptors are real
// and asked with poll(2). Exceptions of handlers reach the test, and so does the mistake of
// destroying a source within its own handler (std::logic_error). Must outlive its sources.
class FakeLoop final : public Loop {
  public:
    [[nodiscard]] SourcePtr watch(
        int fd, std::uint32_t events, std::function<void(std::uint32_t)> ready) override;
    [[nodiscard]] SourcePtr after(std::chrono::microseconds delay, std::function<void()> due) override;
    [[nodiscard]] SourcePtr onExit(pid_t child, std::function<void(int status)> exited) override;
    void post(std::function<void()> work) override;
    [[nodiscard]] std::chrono::microseconds now() const override { return now_; }
    void exit(int status) override { exitStatus_ = status; }

    // One turn: what was posted before it, timers that are due, descriptors that are ready. False if
    // there was nothing to do.
    bool turn();
    // Turns until there is nothing to do. Throws std::runtime_error where that does not come.
    void settle();
    // Turns the clock forward; every timer on the way fires at its own time.
    void advance(std::chrono::microseconds by);
    // The kernel has no room for another descriptor to be watched (fs.epoll.max_user_watches), or has again.
    void refuseWatches(bool refused = true) noexcept { refusesWatches_ = refused; }
    // As if the child had been reaped.
    void childExited(pid_t child, int status);

    [[nodiscard]] std::size_t timers() const noexcept { return timers_.size(); }
    [[nodiscard]] std::size_t watches() const noexcept { return watches_.size(); }
    [[nodiscard]] std::size_t posted() const noexcept { return posted_.size(); }
    [[nodiscard]] std::optional<int> exitStatus() const noexcept { return exitStatus_; }

  private:
    struct Watch {
        int fd;
        std::uint32_t events;
        std::function<void(std::uint32_t)> ready;
    };
    struct Timer {
        std::chrono::microseconds due;
        std::function<void()> fire;
    };
    struct Child {
        pid_t pid;
        std::function<void(int)> exited;
    };
    template <class Table>
    class Registration;

    void run(std::uint64_t id, const std::function<void()>& handler);
    void forget(std::uint64_t id) noexcept { misused_ = misused_ || running_ == id; }

    bool runPosted();
    bool runTimers();
    bool runWatches();

    std::chrono::microseconds now_{1'000'000'000};
    std::uint64_t nextId_ = 1;
    std::uint64_t running_ = 0; // the source whose handler runs
    bool misused_ = false;
    bool refusesWatches_ = false;
    std::deque<std::function<void()>> posted_;
    std::map<std::uint64_t, Timer> timers_;
    std::map<std::uint64_t, Watch> watches_;
    std::map<std::uint64_t, Child> children_;
    std::optional<int> exitStatus_;
};

} // namespace nsd::test
