// SPDX-License-Identifier: LGPL-2.1-or-later
//
// scripts/demo tells its story to the end, and leaves the machine as it was.
#include "tests/support/command.hpp"
#include "tests/support/leak_oracle.hpp"
#include "tests/support/require.hpp"
#include "tests/support/test_daemon.hpp"

#include <chrono>
#include <gtest/gtest.h>

namespace nsd::test {
namespace {

TEST(Demo, TellsItsStoryAndCleansUp) {
    NSD_REQUIRE_ROOT();
    NSD_REQUIRE_PROGRAM("dbus-daemon");
    NSD_REQUIRE_PROGRAM("busctl");
    LeakOracle machine;
    CommandOptions options;
    options.timeout = std::chrono::minutes(2);
    const auto build = TestDaemon::binary("nsd").parent_path().parent_path();
    const auto result = run({NSD_TEST_SOURCE_DIR "/scripts/demo", build}, options);
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    EXPECT_NE(result.out.find("same namespace: inode"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("all8: released"), std::string::npos) << result.out;
    EXPECT_TRUE(result.out.ends_with("# Nothing is left.\n")) << result.out;
    EXPECT_TRUE(machine.clean());
}

} // namespace
} // namespace nsd::test
