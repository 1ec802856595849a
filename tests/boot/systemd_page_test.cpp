// SPDX-License-Identifier: LGPL-2.1-or-later
// docs/systemd.md is true: its commands, one after the other, in a booted Debian with the package installed.
#include "tests/boot/boot_test.hpp"

#include "tests/support/doc_examples.hpp"

namespace nsd::test {
namespace {

class SystemdPage : public BootTest {};

TEST_F(SystemdPage, EveryCommandPrintsWhatStandsBelowIt) {
    const auto examples = examplesIn("docs/systemd.md");
    ASSERT_GT(examples.size(), 5U);
    for (const auto& [command, output] : examples) {
        const auto result = system().run({"/bin/sh", "-c", command});
        EXPECT_EQ(result.status, 0) << command << "\n" << result.err;
        EXPECT_EQ(comparable(result.out + result.err), comparable(output)) << command;
    }
}

} // namespace
} // namespace nsd::test
