// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace nsd {

// When a process started, from the text of its /proc/PID/stat: field 22, which together with the pid is
// one process only. 0 where the text does not say.
[[nodiscard]] std::uint64_t startTimeInStat(std::string_view stat);

} // namespace nsd
