// SPDX-License-Identifier: LGPL-2.1-or-later
// The bus tier once more, on buses of dbus-broker, which needs a systemd to run.
#include "tests/boot/boot_test.hpp"

#include <fstream>

namespace nsd::test {
namespace {

class BusTier : public BootTest {};

TEST_F(BusTier, HoldsOnDbusBroker) {
    boot({NSD_TEST_SOURCE_DIR, NSD_TEST_BUILD_DIR});
    std::ifstream list(NSD_TEST_BUS_TIER);
    std::string program;
    int programs = 0;
    while (std::getline(list, program)) {
        SCOPED_TRACE(program);
        CommandOptions options;
        options.timeout = std::chrono::minutes(10);
        const auto result = system().run(
            {"env", "NSD_TEST_BUS=dbus-broker", "NSD_TESTS_MUST_RUN=1", program, "--gtest_brief=1"}, options);
        EXPECT_EQ(result.status, 0) << result.out << result.err;
        ++programs;
    }
    EXPECT_GT(programs, 10);
    install();
}

} // namespace
} // namespace nsd::test
