// SPDX-License-Identifier: LGPL-2.1-or-later
// The units in a booted Debian: what systemd thinks of them, and the way down.
#include "tests/boot/boot_test.hpp"

namespace nsd::test {
namespace {

class Units : public BootTest {};

TEST_F(Units, AreWellFormed) {
    const auto said =
        system().run({"systemd-analyze", "verify", "nsd.service", "nsd-keep.service", "nsd@web.service"});
    EXPECT_EQ(said.status, 0);
    EXPECT_EQ(said.out + said.err, "");
}

TEST_F(Units, ExposeLessThanMachined) {
    const auto said = system().shell("systemd-analyze security --no-pager nsd.service | tail -n 1");
    constexpr std::string_view words = "exposure level for nsd.service: ";
    const auto at = said.find(words);
    ASSERT_NE(at, std::string::npos) << said;
    EXPECT_LE(std::stod(said.substr(at + words.size())), 6.1) << said;
}

TEST_F(Units, PowerOffIsQuick) {
    system().shell(R"(
for i in $(seq 180); do nsctl create "n$i" -t net; done
for i in $(seq 20); do nsctl create "p$i" -t pid,net; done
nsctl exec p1 -- sh -c 'sleep 1000 & '
)");
    EXPECT_EQ(system().shell("nsctl --no-legend list | wc -l"), "200");
    EXPECT_EQ(system().failedUnits(), "");
    const auto console = system().console().size();
    EXPECT_LT(system().powerOff(), std::chrono::seconds(10));
    const auto said = system().console().substr(console);
    EXPECT_EQ(said.find("Failed"), std::string::npos) << said;
    EXPECT_EQ(said.find("FAILED"), std::string::npos) << said;
    EXPECT_EQ(said.find("timed out"), std::string::npos) << said;
    boot();
    install();
}

} // namespace
} // namespace nsd::test
