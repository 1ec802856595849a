// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/join/joining.hpp"

#include <functional>

namespace nsd::client {

constexpr int exitWithException = 125;

// Forks; the child joins, and runs `program`, in a child of its own where the joining forks. Answers the exit
// status, or 128+N for signal N. Throws Error for all that kept the program from being started.
[[nodiscard]] int runInside(Joining joining, const std::function<int()>& program);

} // namespace nsd::client
