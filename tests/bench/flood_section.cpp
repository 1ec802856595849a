// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/flood.hpp"
#include "tests/bench/sections.hpp"
#include "tests/bench/stage.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace nsd::bench {

namespace {

// Of Debian's base-passwd: the bus throws a uid without an entry off.
constexpr uid_t flooder = 33;
constexpr uid_t victim = 34;

Samples enterFor(std::chrono::seconds span, const BusCalls& bus) {
    constexpr std::chrono::milliseconds pause{1};
    Samples samples;
    for (const auto end = std::chrono::steady_clock::now() + span; std::chrono::steady_clock::now() < end;) {
        samples.add(timed([&bus] { bus.enter("victims", "uts"); }));
        std::this_thread::sleep_for(pause); // who measures is no second flood
    }
    return samples;
}

Row::Value valueOf(const Samples& samples) {
    const auto micro = [](Nanoseconds time) { return static_cast<double>(time.count()) / 1000; };
    return {micro(samples.median()), micro(samples.p99())};
}

} // namespace

Rows measureFlood(Depth depth) {
    const bool isQuick = depth == Depth::Quick;
    const std::chrono::seconds quietSpan{isQuick ? 2 : 20};
    const std::chrono::seconds floodSpan{isQuick ? 5 : 60};
    constexpr double target = 3;
    const Stage stage;
    stage.bus().createFor(flooder, "flooders", "net");
    stage.bus().createFor(victim, "victims", "uts");
    const BusCalls bus(stage.address(), victim);
    static_cast<void>(enterFor(std::chrono::seconds(1), bus)); // warms up
    const auto quiet = enterFor(quietSpan, bus);
    const Flood flood(stage.address(), flooder, "flooders");
    const auto flooded = enterFor(floodSpan, bus);
    if (!flood.runs())
        throw std::runtime_error("the flood ended before the measurement did");

    Row row;
    row.key = "flood";
    row.ours = "Enter(uts) under 100 connections that never read";
    row.other = "without them";
    row.oursValue = valueOf(flooded);
    row.otherValue = valueOf(quiet);
    row.figure = *row.oursValue.p99 / *row.otherValue.p99;
    row.rounds = {row.figure};
    row.target = target;
    return {row};
}

} // namespace nsd::bench
