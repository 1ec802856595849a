// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/clock_offset.hpp"

namespace nsd {

std::string clockOffsetLine(std::string_view clock, std::int64_t offset) {
    constexpr std::int64_t nanosecondsPerSecond = 1'000'000'000;
    // The nanoseconds are never negative: −1 ns is −1 s and 999 999 999 ns.
    auto seconds = offset / nanosecondsPerSecond;
    auto nanoseconds = offset % nanosecondsPerSecond;
    if (nanoseconds < 0) {
        nanoseconds += nanosecondsPerSecond;
        --seconds;
    }
    return std::string(clock) + ' ' + std::to_string(seconds) + ' ' + std::to_string(nanoseconds) + '\n';
}

} // namespace nsd
