// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"

#include <chrono>
#include <functional>

namespace nsd {

// Feeds the watchdog of the service manager (WatchdogSec=) at half of its time, as long as the loop turns
// and the canary lives: a daemon that hangs, or can open nothing any more, is to be started anew.
class Watchdog {
  public:
    // Tries what the daemon could not work without; throws Error where it does not.
    using Canary = std::function<void()>;

    // `time`: within which the manager wants to be told (notify::watchdogTime()); 0: it does not.
    Watchdog(Loop& loop, Log& log, std::chrono::microseconds time, Canary canary);

  private:
    void feed();
    void arm();

    Loop& loop_;
    Log& log_;
    std::chrono::microseconds pause_;
    Canary canary_;
    bool wasWell_ = true;
    Loop::SourcePtr timer_;
};

} // namespace nsd
