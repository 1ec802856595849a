// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/kernel_fixture.hpp"

#include <algorithm>
#include <cstdint>

#include <systemd/sd-event.h>

namespace nsd::test {

void MemoryLog::write(Level level, std::string_view text) noexcept {
    constexpr std::string_view letters = "DIWE";
    lines_.push_back(std::string(1, letters.at(static_cast<std::size_t>(level))) + " " + std::string(text));
}

bool MemoryLog::has(std::string_view part) const {
    return std::any_of(lines_.begin(), lines_.end(),
        [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

bool TurnedLoop::turnUntil(const std::function<bool()>& reached, std::chrono::milliseconds patience) {
    constexpr std::chrono::microseconds step = std::chrono::milliseconds(20);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!reached()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        ::sd_event_run(loop_.handle(), static_cast<std::uint64_t>(step.count()));
    }
    return true;
}

void TurnedLoop::turnAll() {
    while (::sd_event_run(loop_.handle(), 0) > 0) {
    }
}

} // namespace nsd::test
