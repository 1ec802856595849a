// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The documents are true: every command in a ```console block of README.md and docs/ is run, document
// by document on one daemon, and prints what stands below it.
#include "tests/support/source_tree.hpp"
#include "tests/support/system_test.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

namespace nsd::test {
namespace {

struct Example {
    std::string command;
    std::string output;
};

// "$ " begins a command; the lines up to the next one are what it prints.
std::vector<Example> examplesIn(const std::filesystem::path& document) {
    std::vector<Example> examples;
    bool inside = false;
    for (const auto& line : linesOf(document)) {
        if (line.starts_with("```"))
            inside = line == "```console";
        else if (inside && line.starts_with("$ "))
            examples.push_back({line.substr(2), ""});
        else if (inside)
            examples.back().output += line + "\n";
    }
    return examples;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

// What differs from one run to the next is of no interest: UUIDs, numbers, how wide a column is.
std::string comparable(std::string text) {
    text = std::regex_replace(text, std::regex("[0-9a-f]{32}"), "UUID");
    text = std::regex_replace(text, std::regex("[0-9]+"), "N");
    text = std::regex_replace(text, std::regex("[ \t]+"), " ");
    return std::regex_replace(text, std::regex(" +\n"), "\n");
}

class Docs : public SystemTest, public testing::WithParamInterface<const char*> {};

TEST_P(Docs, EveryCommandPrintsWhatStandsBelowIt) {
    NSD_REQUIRE_PROGRAM("busctl");
    NSD_REQUIRE_PROGRAM("ip");
    const auto examples = examplesIn(GetParam());
    ASSERT_FALSE(examples.empty());
    CommandOptions options;
    options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
    options.environment["PATH"] =
        TestDaemon::binary("nsctl").parent_path().string() + ":" + std::getenv("PATH");
    for (const auto& [command, output] : examples) {
        const auto here = replaced(command, "/run/nsd", daemon().runtimeDirectory());
        const auto result = run({"sh", "-c", here}, options);
        EXPECT_EQ(result.status, 0) << command << "\n" << result.err;
        EXPECT_EQ(result.err, "") << command;
        const auto printed = replaced(result.out, daemon().runtimeDirectory(), "/run/nsd");
        EXPECT_EQ(comparable(printed), comparable(output)) << command;
    }
}

std::string caseName(const testing::TestParamInfo<const char*>& info) {
    std::string name = std::filesystem::path(info.param).stem();
    std::erase_if(name, [](char c) { return c == '-'; });
    return name;
}

INSTANTIATE_TEST_SUITE_P(Documents, Docs, testing::Values("README.md", "docs/dbus-api.md"), caseName);

TEST(DocsList, NamesEveryDocumentWithACommand) {
    const std::vector<std::filesystem::path> tested{"README.md", "docs/dbus-api.md"};
    for (const auto& entry : std::filesystem::directory_iterator(NSD_TEST_SOURCE_DIR "/docs")) {
        const auto path = std::filesystem::path("docs") / entry.path().filename();
        if (path.extension() != ".md" || examplesIn(path).empty())
            continue;
        EXPECT_NE(std::find(tested.begin(), tested.end(), path), tested.end()) << path;
    }
}

} // namespace
} // namespace nsd::test
