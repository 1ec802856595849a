// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/bench/report.hpp"

#include <span>
#include <string_view>

namespace nsd::bench {

// How much to measure: `Quick` shows in half a minute whether something went badly wrong.
enum class Depth { Quick, Full };

// A part of the measurement that stands for itself.
struct Section {
    std::string_view name;
    std::string_view what;
    Rows (*run)(Depth depth);
};

// One file each.
[[nodiscard]] Rows measureLifecycle(Depth depth); // Create and Destroy
[[nodiscard]] Rows measureEnter(Depth depth);
[[nodiscard]] Rows measureExec(Depth depth); // nsctl exec
[[nodiscard]] Rows measureTool(Depth depth); // nsctl create, nsctl list
[[nodiscard]] Rows measureCount(Depth depth);
[[nodiscard]] Rows measureMount(Depth depth);
[[nodiscard]] Rows measureMemory(Depth depth);
[[nodiscard]] Rows measureFlood(Depth depth);
[[nodiscard]] Rows measureForward(Depth depth); // nsctl forward

// All of them, in the order in which they are reported.
[[nodiscard]] std::span<const Section> sections() noexcept;

} // namespace nsd::bench
