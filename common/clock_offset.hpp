// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nsd {

// A line of /proc/PID/timens_offsets (time_namespaces(7)): `clock` is "monotonic" or "boottime", `offset` is
// in nanoseconds and may be negative.
[[nodiscard]] std::string clockOffsetLine(std::string_view clock, std::int64_t offset);

} // namespace nsd
