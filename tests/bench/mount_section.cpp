// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/sections.hpp"
#include "tests/bench/stage.hpp"

namespace nsd::bench {

namespace {

// Of Create alone: what Destroy has to unmount is not asked here.
Samples createMounts(const BusCalls& bus, unsigned count) {
    Samples samples;
    for (unsigned i = 0; i < count; ++i) {
        samples.add(timed([&bus] { bus.create("bench", "mnt"); }));
        bus.destroy("bench", destroyPatience);
    }
    return samples;
}

} // namespace

Rows measureMount(Depth depth) {
    const bool isQuick = depth == Depth::Quick;
    const unsigned held = isQuick ? 1'000 : 5'000;
    const unsigned rounds = isQuick ? 1 : 4;
    constexpr unsigned batch = 100;
    constexpr double target = 1.3;
    const Stage stage;
    Crowd crowd(stage.bus());
    createMounts(stage.bus(), batch); // warms up
    Comparison comparison;
    for (unsigned round = 0; round < rounds; ++round) {
        const auto alone = createMounts(stage.bus(), batch);
        crowd.grow(held);
        comparison.addRound(createMounts(stage.bus(), batch), alone);
        crowd.clear();
    }
    return {ratioRow("mount", "Create (mnt) with " + std::to_string(held) + " pins held", "with none held",
        comparison, target)};
}

} // namespace nsd::bench
