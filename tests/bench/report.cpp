// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/report.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sys/utsname.h>
#include <unistd.h>

namespace nsd::bench {

namespace {

double microseconds(Nanoseconds time) {
    return std::chrono::duration<double, std::micro>(time).count();
}

Row::Value valueOf(const Samples& samples) {
    return {microseconds(samples.median()), microseconds(samples.p99())};
}

std::string number(double value, int digits) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

using Cells = std::vector<std::string>;

std::string figureText(const Row& row, double figure) {
    return row.unit == Row::Unit::Microseconds ? number(figure, 2) + "×" : number(figure, 1) + " KiB";
}

std::string spread(const Row& row) {
    if (row.rounds.size() < 2)
        return "";
    const auto [low, high] = std::minmax_element(row.rounds.begin(), row.rounds.end());
    return number(*low, 2) + "–" + number(*high, 2);
}

std::string valueText(const Row& row, double value) {
    return row.unit == Row::Unit::Microseconds ? number(value, value < 100 ? 1 : 0) + " µs"
                                               : number(value, 0) + " KiB";
}

std::string p99Text(const Row& row, const Row::Value& value) {
    return value.p99 ? valueText(row, *value.p99) : "";
}

Cells cellsOf(const Row& row) {
    return {row.ours, valueText(row, row.oursValue.median), p99Text(row, row.oursValue), row.other,
        valueText(row, row.otherValue.median), p99Text(row, row.otherValue), figureText(row, row.figure),
        spread(row), row.target ? "≤ " + figureText(row, *row.target) : "",
        !row.target     ? ""
        : row.reached() ? "reached"
                        : "NOT REACHED"};
}

// In characters, as long as each takes one column.
std::size_t widthOf(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string lined(const std::vector<Cells>& table) {
    std::vector<std::size_t> widths(table.front().size());
    for (const auto& cells : table) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            widths[i] = std::max(widths[i], widthOf(cells[i]));
    }
    std::string text;
    for (const auto& cells : table) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i)
            line += cells[i] + std::string(widths[i] - widthOf(cells[i]) + 2, ' ');
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string machine() {
    utsname name{};
    ::uname(&name);
    return std::string(name.sysname) + " " + name.release + ", " +
           std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)) + " CPUs, build type " NSD_BUILD_TYPE;
}

nlohmann::ordered_json toJson(const Row::Value& value) {
    nlohmann::ordered_json json{{"median", value.median}};
    if (value.p99)
        json["p99"] = *value.p99;
    return json;
}

nlohmann::ordered_json toJson(const Row& row) {
    const bool isTime = row.unit == Row::Unit::Microseconds;
    nlohmann::ordered_json json{{"key", row.key}, {"ours", row.ours}, {"other", row.other},
        {"unit", isTime ? "us" : "KiB"}, {"ours-value", toJson(row.oursValue)},
        {"other-value", toJson(row.otherValue)}, {isTime ? "ratio" : "kib-per-namespace", row.figure},
        {"rounds", row.rounds}};
    if (row.target) {
        json["target"] = *row.target;
        json["reached"] = row.reached();
    }
    return json;
}

} // namespace

Row ratioRow(std::string key, std::string ours, std::string other, const Comparison& comparison,
    std::optional<double> target) {
    return {std::move(key), std::move(ours), std::move(other), Row::Unit::Microseconds,
        valueOf(comparison.ours), valueOf(comparison.other), comparison.ratio(), comparison.ratios, target};
}

std::string asTable(const Rows& rows) {
    std::vector<Cells> table{
        {"NSD", "MEDIAN", "P99", "AGAINST", "MEDIAN", "P99", "FIGURE", "ROUNDS", "TARGET", ""}};
    for (const auto& row : rows)
        table.push_back(cellsOf(row));
    return machine() + "\n\n" + lined(table);
}

std::string asJson(const Rows& rows) {
    nlohmann::ordered_json json{{"machine", machine()}, {"rows", nlohmann::ordered_json::array()}};
    for (const auto& row : rows)
        json["rows"].push_back(toJson(row));
    constexpr int indent = 2;
    return json.dump(indent) + "\n";
}

} // namespace nsd::bench
