// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What libnsd shows: headers that need nothing of nsd's, and the symbols that they declare.
#include "tests/support/command.hpp"
#include "tests/support/require.hpp"
#include "tests/support/source_tree.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>
#include <string>

namespace nsd::test {
namespace {

const std::filesystem::path headers = NSD_TEST_SOURCE_DIR "/client/lib";

class LibraryHeader : public ::testing::TestWithParam<const char*> {};

TEST_P(LibraryHeader, CompilesAloneInEveryStandardSince17) {
    NSD_REQUIRE_PROGRAM(GetParam());
    for (const auto* standard : {"-std=c++17", "-std=c++20"}) {
        CommandOptions source;
        source.input = "#include <nsd/nsd.hpp>\nint answer(nsd::Client& client);\n"
                       "int answer(nsd::Client& client) { return client.list().empty() ? 0 : 1; }\n";
        const auto result = run({GetParam(), standard, "-Wall", "-Wextra", "-Wpedantic", "-Wshadow",
                                    "-Werror", "-fsyntax-only", "-I", headers, "-x", "c++", "-"},
            source);
        EXPECT_EQ(result.status, 0) << GetParam() << " " << standard << "\n" << result.err;
    }
}

INSTANTIATE_TEST_SUITE_P(Compilers, LibraryHeader, ::testing::Values("g++", "clang++"),
    [](const auto& compiler) { return std::string(compiler.param) == "g++" ? "gcc" : "clang"; });

TEST(Library, IncludesTheStandardLibraryAlone) {
    const std::regex include(R"(^#include <([a-z_]+|nsd/(answers|basics|requests)\.hpp)>$)");
    for (const auto* header : {"nsd.hpp", "answers.hpp", "basics.hpp", "requests.hpp"})
        for (const auto& line : linesOf(headers / "nsd" / header))
            EXPECT_TRUE(line.rfind("#include", 0) != 0 || std::regex_match(line, include))
                << header << ": " << line;
}

TEST(Library, ExportsItsInterfaceAlone) {
    NSD_REQUIRE_PROGRAM("nm");
    const auto symbols = mustRun({"nm", "-D", "--defined-only", "--format=posix", NSD_TEST_LIBRARY});
    std::istringstream lines(symbols);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const auto symbol = line.substr(0, line.find(' '));
        EXPECT_TRUE(symbol == "LIBNSD_0" || // the version itself
                    std::regex_match(symbol, std::regex("_Z(N|NK|NO|TIN|TSN|TVN)3nsd2v0.*@@LIBNSD_0")))
            << line;
    }
    EXPECT_GT(count, 100U);
}

// An interface that has changed has another name, which is a matter for whoever changes it.
TEST(Library, HasTheNameOfItsInterface) {
    NSD_REQUIRE_PROGRAM("objdump");
    EXPECT_NE(mustRun({"objdump", "-p", NSD_TEST_LIBRARY}).find("libnsd.so.0\n"), std::string::npos);
}

} // namespace
} // namespace nsd::test
