// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the style of the tree asks for and clang-tidy does not look at.
#include "tests/support/command.hpp"
#include "tests/support/require.hpp"
#include "tests/support/source_tree.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>
#include <string_view>

namespace nsd::test {
namespace {

constexpr std::size_t maxLines = 400;
constexpr std::string_view licence = "// SPDX-License-Identifier: LGPL-2.1-or-later";

// Each with why it has no place in the daemon.
struct Ban {
    std::regex pattern;
    std::string_view why;
};
const std::vector<Ban>& bans() {
    static const std::vector<Ban> list{
        {std::regex(R"(getCreds(Uid|Gid|Euid|Egid|Pid|SupplementaryGids))"),
            "reads /proc of the sender, or blocks: ask GetConnectionCredentials"},
        {std::regex(R"(enterEventLoopAsync|create(System|Session)?BusConnectionAsync)"), "starts a thread"},
        {std::regex(R"(std::(thread|async|jthread)\b|\.detach\(\))"), "one thread is enough"},
        {std::regex(R"((^|[^\w:.>])(::|std::)system\()"), "a shell has no place here"},
        {std::regex(R"(\busing namespace std\b)"), "names say where they come from"},
    };
    return list;
}

std::string stemOf(const std::string& path) {
    const auto name = path.substr(path.rfind('/') + 1);
    return name.substr(0, name.rfind('.'));
}

TEST(Style, EveryFileBeginsWithItsLicence) {
    for (const auto& file : sourceTree())
        EXPECT_TRUE(!file.lines.empty() && file.lines.front() == licence) << file.path;
}

TEST(Style, HeadersAreGuardedByPragmaOnce) {
    for (const auto& file : sourceTree()) {
        const bool guarded = file.lines.size() > 1 && file.lines[1] == "#pragma once";
        EXPECT_TRUE(guarded || !file.isHeader()) << file.path;
    }
}

TEST(Style, NoFileIsLongerThanFourHundredLines) {
    for (const auto& file : sourceTree())
        EXPECT_LE(file.lines.size(), maxLines) << file.path;
}

TEST(Style, BaseNamesAreUnique) {
    std::map<std::string, std::string> folderOf{};
    for (const auto& file : sourceTree()) {
        const auto stem = stemOf(file.path);
        if (stem == "main")
            continue;
        const auto [other, isNew] = folderOf.emplace(stem, file.folder());
        EXPECT_TRUE(isNew || other->second == file.folder()) << file.path << " and " << other->second << stem;
    }
}

// GCC 12 brings <cstdint> with half of the standard library, GCC 14 with little of it.
TEST(Style, FixedWidthIntegersAreIncludedByTheFileOrItsHeader) {
    const std::regex fixedWidth{R"(\bstd::u?int(8|16|32|64|max|ptr)_t\b)"};
    const auto includes = [](const SourceFile& file) {
        return std::find(file.lines.begin(), file.lines.end(), "#include <cstdint>") != file.lines.end();
    };
    std::set<std::string> including{};
    for (const auto& file : sourceTree()) {
        if (includes(file))
            including.insert(file.path);
    }
    for (const auto& file : sourceTree()) {
        const auto header = file.path.substr(0, file.path.rfind('.')) + ".hpp";
        const auto uses = std::any_of(file.lines.begin(), file.lines.end(),
            [&](const auto& line) { return std::regex_search(line, fixedWidth); });
        EXPECT_TRUE(!uses || including.contains(file.path) || including.contains(header)) << file.path;
    }
}

TEST(Style, ClangFormatHasNothingToChange) {
    // Another version would format otherwise.
    const auto version = run({"clang-format", "--version"});
    NSD_REQUIRE(version.out.find("version 14.") != std::string::npos, "clang-format 14");
    Arguments line{"clang-format", "--dry-run", "--Werror"};
    for (const auto& file : sourceTree())
        line.push_back(NSD_TEST_SOURCE_DIR "/" + file.path);
    const auto result = run(line);
    EXPECT_EQ(result.status, 0) << result.err;
}

TEST(Style, BannedCallsAreNotMade) {
    for (const auto& file : sourceTree()) {
        if (file.path.starts_with("tests/"))
            continue;
        for (const auto& line : file.lines) {
            for (const auto& ban : bans())
                EXPECT_FALSE(std::regex_search(line, ban.pattern))
                    << file.path << ": " << line << ": " << ban.why;
        }
    }
}

} // namespace
} // namespace nsd::test
