// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "common/unique_fd.hpp"
#include "daemon/core/processes.hpp"
#include "daemon/core/quotas.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace nsd {

// A process in the daemon's table, with what keeps an eye on it. Owned by Processes.
class ProcessEntry {
  public:
    ProcessEntry(Loop& loop, ProcessRecord record, Quotas::Share share);

    // Calls `ended` once the process behind the descriptor has; the descriptor is kept until this goes
    // or watches another one. Throws Error where it cannot be watched: it stays the caller's then.
    void watch(UniqueFd&& pidfd, std::function<void()> ended);
    void unwatch();
    // Calls `due` after a time; at most one at a time.
    void after(std::chrono::microseconds delay, std::function<void()> due);
    // Waits for the end of the process, at most `patience`.
    void addWaiter(std::chrono::microseconds patience, Completion<ProcessEnd> done);
    // Writes the end into the record, gives the share back and answers everybody who waits.
    void end(const ProcessEnd& end);

    ProcessRecord record;
    UniqueFd command; // its pidfd

  private:
    struct Waiter {
        Completion<ProcessEnd> done;
        Loop::SourcePtr timer;
    };
    void timeOut(std::uint64_t waiter, std::chrono::microseconds patience);

    Loop& loop_;
    Quotas::Share share_;
    UniqueFd watched_;
    Loop::SourcePtr watch_; // before the descriptor that it watches
    Loop::SourcePtr timer_;
    std::map<std::uint64_t, Waiter> waiters_;
    std::uint64_t nextWaiter_ = 0;
};

} // namespace nsd
