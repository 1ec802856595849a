// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Measures nsd against what there was before it. docs/performance.md says what each number means.
#include "tests/bench/empty_service.hpp"
#include "tests/bench/interruption.hpp"
#include "tests/bench/sections.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>

namespace nsd::bench {

namespace {

constexpr int exitTrouble = 2;

struct Options {
    Depth depth = Depth::Full;
    bool json = false;
    bool help = false;
    std::vector<const Section*> chosen; // empty: all
};

Options readOptions(const std::vector<std::string>& arguments) {
    Options options;
    for (const auto& word : arguments) {
        const auto all = sections();
        const auto section =
            std::find_if(all.begin(), all.end(), [&](const Section& each) { return each.name == word; });
        if (section != all.end())
            options.chosen.push_back(&*section);
        else if (word == "--quick")
            options.depth = Depth::Quick;
        else if (word == "--json")
            options.json = true;
        else if (word == "--help")
            options.help = true;
        else
            throw std::runtime_error("no such option or section: '" + word + "'");
    }
    return options;
}

void printHelp() {
    std::puts(
        "usage: nsd-bench [--quick] [--json] [SECTION...]\n"
        "Exit status: 0 all targets are reached, 1 one is not, 2 wrong usage or it could not measure.\n");
    for (const auto& section : sections())
        std::printf("  %-10s %s\n", section.name.data(), section.what.data());
}

Rows measure(const Options& options) {
    Rows rows;
    for (const auto& section : sections()) {
        const auto& chosen = options.chosen;
        if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), &section) == chosen.end())
            continue;
        std::fprintf(stderr, "measuring: %s\n", section.what.data());
        for (auto& row : section.run(options.depth))
            rows.push_back(std::move(row));
    }
    return rows;
}

int run(const std::vector<std::string>& arguments) {
    if (arguments.size() == 2 && arguments[0] == emptyServiceOption) {
        runEmptyService(arguments[1]);
        return EXIT_SUCCESS;
    }
    const auto options = readOptions(arguments);
    if (options.help) {
        printHelp();
        return EXIT_SUCCESS;
    }
    if (::geteuid() != 0)
        throw std::runtime_error("needs root: namespaces are made for real");
    catchInterruptions();
    const auto rows = measure(options);
    std::fputs((options.json ? asJson(rows) : asTable(rows)).c_str(), stdout);
    const bool reached = std::all_of(rows.begin(), rows.end(), [](const Row& row) { return row.reached(); });
    return reached ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

} // namespace nsd::bench

int main(int argc, char** argv) {
    try {
        return nsd::bench::run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "nsd-bench: %s\n", error.what());
        return nsd::bench::exitTrouble;
    }
}
