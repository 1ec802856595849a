// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/watchdog.hpp"

#include "common/error.hpp"
#include "systemd/notify.hpp"

#include <memory>
#include <utility>

namespace nsd {

Watchdog::Watchdog(Loop& loop, Log& log, std::chrono::microseconds time, Canary canary)
    : loop_(loop), log_(log), pause_(time / 2), canary_(std::move(canary)) {
    if (pause_.count() > 0)
        feed();
}

void Watchdog::arm() {
    timer_ = loop_.after(pause_, [this] {
        // The source of this very handler goes later.
        loop_.post([fired = std::make_shared<Loop::SourcePtr>(std::move(timer_))] {});
        feed();
    });
}

void Watchdog::feed() {
    arm();
    try {
        canary_();
        notify::watchdog();
        wasWell_ = true;
    } catch (const Error& error) {
        if (std::exchange(wasWell_, false))
            log_.error("The watchdog is not fed: " + error.text());
    }
}

} // namespace nsd
