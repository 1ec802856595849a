// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl unit on a machine: the real systemd reads what it wrote.
#include "tests/support/system_test.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

class UnitVerbOnMachine : public SystemTest {
  protected:
    void SetUp() override {
        SystemTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        nsctl({"create", "web", "-t", "ipc,net"});
    }
    void TearDown() override {
        if (!IsSkipped() && !HasFatalFailure())
            destroy("web");
        SystemTest::TearDown();
    }
    [[nodiscard]] std::string runtime() { return daemon().runtimeDirectory().string(); }
    [[nodiscard]] std::string pin(const std::string& type) { return runtime() + "/ns/web/" + type; }
    // With an /etc/systemd/system of its own, and without a systemd to talk to.
    [[nodiscard]] CommandResult shell(const std::string& script) {
        CommandOptions options;
        options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
        options.environment["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nonexistent";
        options.environment["NSCTL"] = TestDaemon::binary("nsctl");
        return run({"unshare", "--mount", "sh", "-ec", "mount -t tmpfs tmpfs /etc/systemd/system; " + script},
            options);
    }
};

constexpr auto systemd = "/usr/lib/systemd/systemd";

TEST_F(UnitVerbOnMachine, SystemdJoinsThePinsAndNeedsNoMount) {
    NSD_REQUIRE(fs::exists(systemd), systemd);
    const TempDir root;
    const auto units = root / "etc/systemd/system";
    const auto dropIn = nsctl({"unit", "--print", "web", "probe"});
    fs::create_directories(units / "probe.service.d");
    writeFile(units / "probe.service.d/50-nsd.conf", dropIn);
    writeFile(units / "probe.service", "[Service]\nExecStart=/bin/true\n");
    writeFile(units / "nsd@.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n");
    fs::permissions(root.path(), fs::perms(0755));

    CommandOptions options; // it refuses to be tried by root
    options.user = 65534;
    options.environment["SYSTEMD_UNIT_PATH"] = units.string() + ":";
    options.environment["XDG_RUNTIME_DIR"] = root.path();
    const auto tried =
        run({systemd, "--test", "--system", "--unit=probe.service", "--log-target=console", "--no-pager"},
            options);
    const auto begin = tried.out.find("-> Unit probe.service:");
    ASSERT_NE(begin, std::string::npos) << tried.out << tried.err;
    const auto probe = tried.out.substr(begin, tried.out.find("-> Unit ", begin + 1) - begin);
    EXPECT_NE(probe.find("BindsTo: nsd@web.service"), std::string::npos) << probe;
    EXPECT_NE(probe.find("After: nsd@web.service"), std::string::npos) << probe;
    EXPECT_NE(probe.find("NetworkNamespacePath: " + pin("net")), std::string::npos) << probe;
    EXPECT_EQ(probe.find("MountsFor: " + runtime()), std::string::npos) << probe;
    EXPECT_EQ(probe.find(".mount"), std::string::npos) << probe;
    // It does not show that of ipc; what it does not know, it tells with the line.
    EXPECT_NE(dropIn.find("\nIPCNamespacePath=" + pin("ipc")), std::string::npos) << dropIn;
    EXPECT_EQ((tried.out + tried.err).find("50-nsd.conf:"), std::string::npos) << tried.err;
}

TEST_F(UnitVerbOnMachine, WritesWhereSystemdLooksAndTakesItBack) {
    const auto written =
        shell("$NSCTL unit --no-reload web probe; cat /etc/systemd/system/probe.service.d/*; "
              "$NSCTL unit --no-reload --remove web probe; ls /etc/systemd/system");
    EXPECT_EQ(written.status, 0) << written.err;
    EXPECT_EQ(
        written.out.rfind("probe.service joins web from its next start on (if it runs: systemctl restart "
                          "probe.service)\n# Written by nsctl",
            0),
        0U)
        << written.out;
    EXPECT_NE(written.out.find("\nNetworkNamespacePath=" + pin("net") + "\n"), std::string::npos);
    EXPECT_NE(
        written.out.find("\nprobe.service no longer joins web from its next start on"), std::string::npos);
}

TEST_F(UnitVerbOnMachine, SaysThatSystemdDoesNotKnowYet) {
    const auto result = shell("$NSCTL unit web probe || echo $?; ls /etc/systemd/system/probe.service.d");
    EXPECT_EQ(result.out, "1\n50-nsd.conf\n");
    EXPECT_NE(result.err.find("systemctl daemon-reload"), std::string::npos) << result.err;
}

} // namespace
} // namespace nsd::test
