// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/notify.hpp"

#include <cstdint>
#include <ctime>
#include <string>

#include <systemd/sd-daemon.h>

namespace nsd::notify {
namespace {

// A manager that does not listen is no reason to stop: the answer is not looked at.
void send(const std::string& state) {
    sd_notify(0, state.c_str());
}

} // namespace

void ready(std::string_view status) {
    send("READY=1\nSTATUS=" + std::string(status));
}

void reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto usec = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(usec));
}

void stopping() {
    send("STOPPING=1");
}

void status(std::string_view text) {
    send("STATUS=" + std::string(text));
}

std::chrono::microseconds watchdogTime() {
    std::uint64_t time = 0;
    return std::chrono::microseconds(sd_watchdog_enabled(0, &time) > 0 ? time : 0);
}

void watchdog() {
    send("WATCHDOG=1");
}

} // namespace nsd::notify
