// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The built manual pages: man(1) and groff(1) have nothing to say about them, and what the units, the
// catalog and the pages themselves refer to is there.
#include "tests/support/command.hpp"
#include "tests/support/manual_page.hpp"
#include "tests/support/require.hpp"
#include "tests/support/source_tree.hpp"

#include <gtest/gtest.h>
#include <regex>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

const fs::path built = fs::path(NSD_TEST_BIN_DIR).parent_path() / "man";

// "nsctl.1" → its file; links are followed.
fs::path fileOf(const std::string& page) {
    return built / ("man" + page.substr(page.size() - 1)) / (page + ".gz");
}

CommandOptions utf8() {
    CommandOptions options;
    options.environment["LC_ALL"] = "C.UTF-8";
    options.environment["MANROFFSEQ"] = std::nullopt;
    options.environment["MANPATH"] = built;
    return options;
}

TEST(ManualPages, AreBuilt) {
    for (const auto& page : manualPages())
        EXPECT_TRUE(fs::is_regular_file(fileOf(page))) << fileOf(page);
    for (const auto* unit : {"nsd.service.8", "nsd-keep.service.8", "nsd@.service.8"})
        EXPECT_TRUE(fs::is_regular_file(fileOf(unit))) << fileOf(unit);
}

TEST(ManualPages, ManHasNothingToWarnOf) {
    NSD_REQUIRE_PROGRAM("man");
    for (const auto& page : manualPages()) {
        const auto result =
            run({"man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", fileOf(page)}, utf8());
        EXPECT_EQ(result.status, 0) << page;
        EXPECT_EQ(result.err, "") << page;
    }
}

TEST(ManualPages, GroffHasNothingToWarnOf) {
    NSD_REQUIRE_PROGRAM("groff");
    for (const auto& page : manualPages()) {
        auto options = utf8();
        options.input = mustRun({"gzip", "-dc", fileOf(page)}) + "\n";
        const auto result = run({"groff", "-ww", "-man", "-t", "-Tutf8", "-Kutf8", "-Z"}, options);
        EXPECT_EQ(result.status, 0) << page;
        EXPECT_EQ(result.err, "") << page;
    }
}

TEST(ManualPages, ManFindsThem) {
    NSD_REQUIRE_PROGRAM("man");
    for (const auto* name : {"nsctl", "nsd.json", "nsd@.service"})
        EXPECT_EQ(run({"man", "-w", name}, utf8()).status, 0) << name;
}

TEST(ManualPages, UnitsAndCatalogReferToNoOther) {
    std::size_t references = 0;
    for (const auto* file : {"systemd/nsd.service.in", "systemd/nsd-keep.service.in",
             "systemd/nsd@.service.in", "systemd/nsd.catalog"})
        for (const auto& line : linesOf(file)) {
            const std::regex pattern("man:([\\w.@-]+)\\((\\d)\\)");
            for (auto at = std::sregex_iterator(line.begin(), line.end(), pattern);
                 at != std::sregex_iterator(); ++at, ++references)
                EXPECT_TRUE(fs::exists(fileOf((*at)[1].str() + "." + (*at)[2].str())))
                    << file << ": " << line;
        }
    EXPECT_GT(references, 6U);
}

TEST(ManualPages, ReferToNoPageOfNsdThatIsNotThere) {
    const std::regex pattern("\\*((?:nsd|nsctl|org\\.nsd1)[\\w.@-]*)\\*\\((\\d)\\)");
    for (const auto& page : manualPages()) {
        const auto text = ManualPage(page).text();
        for (auto at = std::sregex_iterator(text.begin(), text.end(), pattern); at != std::sregex_iterator();
             ++at) {
            auto name = (*at)[1].str();
            if (name.starts_with("nsd@"))
                name = "nsd@.service";
            EXPECT_TRUE(fs::exists(fileOf(name + "." + (*at)[2].str()))) << page << ": " << name;
        }
    }
}

} // namespace
} // namespace nsd::test
