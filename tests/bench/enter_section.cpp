// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/sections.hpp"
#include "tests/bench/stage.hpp"

namespace nsd::bench {

Rows measureEnter(Depth depth) {
    const Effort effort = depth == Depth::Quick ? Effort{5, 100, 200} : Effort{30, 200, 1000};
    constexpr double target = 1.5;
    const Stage stage;
    const auto& bus = stage.bus();
    bus.create("bench", "uts");
    const auto comparison = interleave(
        effort, {[&] { bus.enter("bench", "uts"); }, {}, {}}, {[&] { bus.openNothing(); }, {}, {}});
    return {ratioRow("enter", "Enter(uts)", "empty call that returns an fd", comparison, target)};
}

} // namespace nsd::bench
