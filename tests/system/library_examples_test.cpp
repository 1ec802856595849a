// SPDX-License-Identifier: LGPL-2.1-or-later
//
// docs/libnsd.md is true: its commands build and run the programs of examples/ outside the tree, against an
// installed libnsd.
#include "tests/support/doc_examples.hpp"
#include "tests/support/source_tree.hpp"
#include "tests/support/system_test.hpp"

#include <filesystem>
#include <string>

namespace nsd::test {
namespace {

constexpr auto page = "docs/libnsd.md";

class LibraryPage : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE_PROGRAM("cmake");
        NSD_REQUIRE_PROGRAM("make");
        NSD_REQUIRE_PROGRAM("pkg-config");
        NSD_REQUIRE_PROGRAM("busctl");
        NSD_REQUIRE(run({"/usr/bin/python3", "-c", "import dbus"}).ok(), "package python3-dbus");
        SystemTest::SetUp();
        for (const auto* component : {"library", "development"})
            mustRun({"cmake", "--install", NSD_TEST_BUILD_DIR, "--component", component}, options());
        std::filesystem::copy(
            NSD_TEST_SOURCE_DIR "/examples", work_.path(), std::filesystem::copy_options::recursive);
    }

    // As if what is installed below root_ were the machine's own. The compiler is the one that nsd was
    // built with, because of its sanitizers.
    [[nodiscard]] CommandOptions options() {
        const auto root = root_.path().string();
        CommandOptions options;
        options.environment = {
            {"DESTDIR", root},
            {"CXX", NSD_TEST_COMPILER},
            {"CXXFLAGS", "-Wall -Wextra -Wpedantic -Werror " NSD_TEST_SANITIZERS},
            {"CMAKE_PREFIX_PATH", root + NSD_TEST_PREFIX},
            {"PKG_CONFIG_SYSROOT_DIR", root},
            {"PKG_CONFIG_LIBDIR", root + NSD_TEST_LIBRARY_DIR "/pkgconfig"},
            {"LD_LIBRARY_PATH", root + NSD_TEST_LIBRARY_DIR},
            {"NSD_BUS_ADDRESS", daemon().busAddress()},
        };
        options.workingDirectory = work_.path();
        options.timeout = std::chrono::minutes(5);
        return options;
    }

    TempDir root_;
    TempDir work_;
};

TEST_F(LibraryPage, EveryCommandPrintsWhatStandsBelowIt) {
    const auto examples = examplesIn(page);
    ASSERT_FALSE(examples.empty());
    for (const auto& [command, output] : examples) {
        const auto result = run({"sh", "-c", command}, options());
        EXPECT_EQ(result.status, 0) << command << "\n" << result.err;
        EXPECT_EQ(result.err, "") << command;
        EXPECT_EQ(result.out, output) << command;
    }
    EXPECT_EQ(nsctl({"list"}), "");
}

TEST_F(LibraryPage, ItsProgramRuns) {
    std::string program;
    bool inside = false;
    for (const auto& line : linesOf(page)) {
        if (line.rfind("```", 0) == 0)
            inside = line == "```cpp";
        else if (inside)
            program += line + "\n";
    }
    writeFile(work_ / "page.cpp", program);
    const std::string build = "$CXX $CXXFLAGS page.cpp $(pkg-config --cflags --libs libnsd) -o page";
    mustRun({"sh", "-c", build}, options());
    EXPECT_EQ(mustRun({work_ / "page"}, options()), daemon().pin("web", "net").string() + ": 7");
    EXPECT_TRUE(eventually([&] { return nsctl({"list"}).empty(); }));
}

} // namespace
} // namespace nsd::test
