// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/sections.hpp"
#include "tests/bench/stage.hpp"

namespace nsd::bench {

Rows measureCount(Depth depth) {
    const bool isQuick = depth == Depth::Quick;
    const unsigned total = isQuick ? 2'000 : 10'000;
    const unsigned rounds = isQuick ? 1 : 3;
    constexpr unsigned hundred = 100;
    constexpr double target = 1.3;
    const Stage stage;
    Crowd crowd(stage.bus());
    crowd.grow(hundred); // warms up
    crowd.clear();
    Comparison comparison;
    for (unsigned round = 0; round < rounds; ++round) {
        const auto first = crowd.grow(hundred);
        crowd.grow(total - 2 * hundred);
        comparison.addRound(crowd.grow(hundred), first);
        crowd.clear();
    }
    return {ratioRow("count", "Create (uts), the last 100 of " + std::to_string(total), "the first 100",
        comparison, target)};
}

} // namespace nsd::bench
