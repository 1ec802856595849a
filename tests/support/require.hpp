// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

// What a test cannot do without. A test whose requirement is missing is skipped and says what is
// missing; with NSD_TESTS_MUST_RUN=1 in the environment (CI) it fails instead, so that a green run
// always means that everything ran.
namespace nsd::test {

[[nodiscard]] bool isRoot() noexcept;
// Whether an executable of this name is in PATH, or in the places where Debian keeps root's tools.
[[nodiscard]] bool hasProgram(std::string_view name);
// Whether a skip has to be a failure.
[[nodiscard]] bool testsMustRun() noexcept;

} // namespace nsd::test

// To be used in a test's body or in SetUp(), since both ways out of it are a return.
#define NSD_REQUIRE(condition, missing)                                                                      \
    switch (0)                                                                                               \
    case 0:                                                                                                  \
    default:                                                                                                 \
        if (condition)                                                                                       \
            ;                                                                                                \
        else if (::nsd::test::testsMustRun())                                                                \
            FAIL() << "this test cannot run here, and NSD_TESTS_MUST_RUN is set: " << (missing);             \
        else                                                                                                 \
            GTEST_SKIP() << "missing: " << (missing)

#define NSD_REQUIRE_ROOT() NSD_REQUIRE(::nsd::test::isRoot(), "root")
#define NSD_REQUIRE_PROGRAM(name)                                                                            \
    NSD_REQUIRE(::nsd::test::hasProgram(name), std::string("the program ") + (name))
