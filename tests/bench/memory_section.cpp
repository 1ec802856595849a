// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/sections.hpp"
#include "tests/bench/stage.hpp"

#include <fstream>
#include <stdexcept>

namespace nsd::bench {

namespace {

struct Memory {
    double pss = 0; // KiB: what the processes would give back, shared pages in parts
    double rss = 0;
};

Memory& operator+=(Memory& sum, const Memory& more) {
    sum.pss += more.pss;
    sum.rss += more.rss;
    return sum;
}

// See proc_pid_smaps(5): "Pss:    1234 kB".
Memory memoryOf(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
    std::string line;
    std::getline(file, line); // the range of addresses
    Memory memory;
    double value = 0;
    for (std::string key, unit; file >> key >> value >> unit;) {
        if (key == "Pss:")
            memory.pss = value;
        else if (key == "Rss:")
            memory.rss = value;
    }
    if (memory.pss <= 0)
        throw std::runtime_error("cannot read the memory of process " + std::to_string(pid));
    return memory;
}

// Of nsd and all its workers.
Memory memoryOf(const test::TestDaemon& daemon) {
    Memory sum = memoryOf(daemon.pid());
    for (const auto worker : daemon.workers())
        sum += memoryOf(worker);
    return sum;
}

Row memoryRow(std::string key, unsigned count, const std::string& kind, double with, double without,
    std::optional<double> target) {
    return {std::move(key), kind + " of nsd, workers: " + std::to_string(count) + " (uts)", "none",
        Row::Unit::Kibibytes, {with, {}}, {without, {}}, (with - without) / count, {}, target};
}

} // namespace

Rows measureMemory(Depth depth) {
    const unsigned count = depth == Depth::Quick ? 1'000 : 5'000;
    constexpr unsigned hundred = 100;
    constexpr double target = 12; // KiB
    const Stage stage;
    Crowd crowd(stage.bus());
    crowd.grow(hundred); // so that code and first buffers are not counted
    crowd.clear();
    const auto without = memoryOf(stage.daemon());
    crowd.grow(count);
    const auto with = memoryOf(stage.daemon());
    return {memoryRow("memory-pss", count, "PSS", with.pss, without.pss, target),
        memoryRow("memory-rss", count, "RSS", with.rss, without.rss, std::nullopt)};
}

} // namespace nsd::bench
