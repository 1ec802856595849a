// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string_view>

// What the service manager is told (sd_notify(3)); nothing happens where there is none.
namespace nsd::notify {

// READY=1: after the start, and again after each reload.
void ready(std::string_view status);
// RELOADING=1 with the time that Type=notify-reload asks for.
void reloading();
void stopping();
// One line for `systemctl status`.
void status(std::string_view text);
// Within which time the manager wants to see each sign of life (WatchdogSec=); 0: never.
[[nodiscard]] std::chrono::microseconds watchdogTime();
// A sign of life.
void watchdog();

} // namespace nsd::notify
