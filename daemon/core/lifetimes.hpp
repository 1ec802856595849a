// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "common/uuid.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace nsd {

// When each namespace with a time to live is due, in CLOCK_BOOTTIME; one timer for all of them.
class Lifetimes {
  public:
    // `due` is called once per schedule(), from the loop.
    Lifetimes(Loop& loop, std::function<void(const Uuid&)> due) : loop_(loop), due_(std::move(due)) {}

    // A deadline in the past is due in the loop's next turns. Replaces an earlier one.
    void schedule(const Uuid& uuid, std::chrono::microseconds deadline);
    void cancel(const Uuid& uuid);
    [[nodiscard]] std::size_t size() const noexcept { return deadlines_.size(); }

  private:
    void arm();
    void onTimer();

    Loop& loop_;
    std::function<void(const Uuid&)> due_;
    std::map<Uuid, std::chrono::microseconds> deadlines_;
    std::set<std::pair<std::chrono::microseconds, Uuid>> order_;
    Loop::SourcePtr timer_;
    std::chrono::microseconds armedFor_{0};
};

} // namespace nsd
