// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/bench/measure.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nsd::bench {

// One line of the result. The figure is a ratio of times, or KiB of memory for each namespace; smaller is
// better, and the target, where there is one, is its upper limit.
struct Row {
    enum class Unit { Microseconds, Kibibytes };
    struct Value {
        double median = 0;
        std::optional<double> p99;
    };
    std::string key; // stays the same from version to version
    std::string ours;
    std::string other;
    Unit unit = Unit::Microseconds; // of the two values
    Value oursValue;
    Value otherValue;
    double figure = 0;
    std::vector<double> rounds; // the figure of each round
    std::optional<double> target;

    [[nodiscard]] bool reached() const noexcept { return !target || figure <= *target; }
};

[[nodiscard]] Row ratioRow(std::string key, std::string ours, std::string other, const Comparison& comparison,
    std::optional<double> target = std::nullopt);

using Rows = std::vector<Row>;

// For people: a table, the machine, and what was not reached.
[[nodiscard]] std::string asTable(const Rows& rows);
[[nodiscard]] std::string asJson(const Rows& rows);

} // namespace nsd::bench
