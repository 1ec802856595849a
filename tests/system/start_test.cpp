// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Starts that are not the first, not alone, or find what should not be there; and buses that die.
#include "tests/support/system_test.hpp"

#include "tests/support/mount_table.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/test_bus.hpp"

#include <filesystem>
#include <sys/mount.h>
#include <sys/stat.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

class Start : public SystemTest {
  protected:
    [[nodiscard]] fs::path pins() { return daemon().runtimeDirectory() / "ns"; }
};

TEST_F(Start, ASecondDaemonSaysWhoHoldsTheLock) {
    auto options = daemon().daemonEnvironment();
    options.environment["NOTIFY_SOCKET"] = std::nullopt;
    const auto second = run({TestDaemon::binary("nsd"), "--bus=private"}, options);
    EXPECT_NE(second.status, 0);
    EXPECT_NE((second.out + second.err).find(std::to_string(daemon().pid())), std::string::npos)
        << second.err;
    EXPECT_EQ(daemon().nsctl({"list"}).status, 0);
}

TEST_F(Start, NoHelperCanSayReadyInTheDaemonsName) {
    for (const auto& process : descendantsOf(daemon().pid())) {
        const auto environment = readFile("/proc/" + std::to_string(process.pid) + "/environ");
        EXPECT_EQ(environment.find("NOTIFY_SOCKET="), std::string::npos) << process.comm;
    }
}

TEST(FirstStart, EightAtOnceLeaveOneDaemonAndOneTmpfs) {
    NSD_REQUIRE_ROOT();
    NSD_REQUIRE_PROGRAM("dbus-daemon");
    auto place = std::make_unique<TestDaemon>();
    const LeakOracle machine({}, place->keepSubtree());
    {
        auto options = place->daemonEnvironment();
        options.environment["NOTIFY_SOCKET"] = std::nullopt;
        constexpr int starts = 8;
        std::vector<std::unique_ptr<BackgroundProcess>> daemons;
        for (int i = 0; i < starts; ++i)
            daemons.push_back(std::make_unique<BackgroundProcess>(
                Arguments{TestDaemon::binary("nsd"), "--bus=private"}, options, place->directory() / "log"));
        const auto running = [&] {
            return std::count_if(daemons.begin(), daemons.end(),
                [](const auto& daemon) { return !daemon->wait(std::chrono::milliseconds(0)); });
        };
        EXPECT_TRUE(eventually([&] { return running() == 1; }, std::chrono::seconds(30))) << place->log();
        EXPECT_TRUE(eventually([&] { return place->nsctl({"status"}).ok(); })) << place->log();
        EXPECT_EQ(running(), 1) << place->log();
        const auto mounts = MountTable::read("self").below(place->runtimeDirectory());
        ASSERT_EQ(mounts.size(), 2U);
        EXPECT_EQ(mounts[0].point, place->runtimeDirectory());
        EXPECT_EQ(mounts[1].point, place->runtimeDirectory() / "ns");
        EXPECT_EQ(mounts[1].fsType, "tmpfs");
        for (const auto& daemon : daemons) {
            daemon->signal(SIGTERM);
            EXPECT_TRUE(daemon->wait(std::chrono::seconds(30)));
        }
    }
    place.reset();
    EXPECT_TRUE(machine.clean());
}

TEST_F(Start, RubbishIsPutAsideAndReported) {
    nsctl({"create", "good", "-t", "uts"});
    ASSERT_EQ(daemon().terminate(), 0);
    writeFile(pins() / "a-file", "rubbish");
    fs::create_directory(pins() / "empty-directory");
    fs::create_directory(pins() / "bad-meta");
    writeFile(pins() / "bad-meta/meta", "{\"schema\": [");
    fs::create_directory(pins() / "no.pins");
    fs::copy_file(pins() / "good/meta", pins() / "no.pins/meta");
    writeFile(pins() / "no.pins/uts", "");
    fs::create_directory(pins() / "bad name");
    fs::create_symlink("/etc", pins() / "link");
    fs::create_directory(pins() / "fifo-meta");
    ASSERT_EQ(::mkfifo((pins() / "fifo-meta/meta").c_str(), 0600), 0);
    fs::create_directories(pins() / ".stage/0123456789abcdef0123456789abcdef");
    writeFile(pins() / ".stage/0123456789abcdef0123456789abcdef/uts", "");
    fs::create_directories(pins() / ".trash/not-a-uuid/deep");

    daemon().start();
    EXPECT_EQ(nsctl({"list", "--no-legend"}).substr(0, 5), "good ");
    EXPECT_EQ(nsctl({"list", "--no-legend"}).find('\n'), std::string::npos);
    const auto log = daemon().log();
    for (const auto* entry :
        {"a-file", "empty-directory", "bad-meta", "no.pins", "bad name", "link", "fifo-meta"}) {
        EXPECT_NE(log.find(entry), std::string::npos) << entry << " is not in the log";
        EXPECT_FALSE(fs::exists(fs::symlink_status(pins() / entry))) << entry;
    }
    nsctl({"create", "bad-meta", "-t", "uts"});
    destroy("bad-meta");
    destroy("good");
}

TEST_F(Start, AForeignMountAmongThePinsKeepsItsNameAndHurtsNobody) {
    ASSERT_EQ(daemon().terminate(), 0);
    fs::create_directory(pins() / "stuck");
    ASSERT_EQ(::mount("foreign", (pins() / "stuck").c_str(), "tmpfs", 0, nullptr), 0);
    daemon().start();
    EXPECT_NE(daemon().log().find("stuck"), std::string::npos);
    nsctl({"create", "other", "-t", "uts"});
    EXPECT_NE(daemon().nsctl({"create", "stuck", "-t", "uts"}).status, 0);
    destroy("other");
    // Whether it was put aside with its directory or stayed: it is the test's to remove.
    for (const auto& mount : MountTable::read("self").below(pins())) {
        if (mount.fsType == "tmpfs" && mount.point != pins())
            ::umount2(mount.point.c_str(), MNT_DETACH);
    }
}

TEST_F(Start, AnEndWithARequestUnderWayIsOrderly) {
    nsctl({"create", "web"});
    BackgroundProcess holder({"nsenter", "--net=" + daemon().pin("web", "net").string(), "sleep", "1000"});
    const auto pin = inodeOf(daemon().pin("web", "net"));
    ASSERT_TRUE(
        eventually([&] { return inodeOf("/proc/" + std::to_string(holder.pid()) + "/ns/net") == pin; }));
    CommandOptions options;
    options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
    BackgroundProcess destroying(
        {TestDaemon::binary("nsctl"), "destroy", "web", "--timeout", "1min"}, options);
    ASSERT_TRUE(eventually([&] { return !daemon().nsctl({"show", "web"}).ok(); }));
    EXPECT_EQ(daemon().terminate(), 0) << daemon().log();
    const auto told = destroying.wait(std::chrono::seconds(10));
    ASSERT_TRUE(told) << "nsctl waits for a daemon that is gone";
    EXPECT_NE(*told, 0);
    holder.kill();
    daemon().start();
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
}

TEST_F(Start, APinOfAnotherNamespaceIsNotBelieved) {
    nsctl({"create", "web", "-t", "uts"});
    ASSERT_EQ(daemon().terminate(), 0);
    const auto pin = daemon().pin("web", "uts");
    ASSERT_EQ(::umount2(pin.c_str(), MNT_DETACH), 0);
    ASSERT_EQ(::mount("/proc/self/ns/uts", pin.c_str(), nullptr, MS_BIND, nullptr), 0);
    daemon().start();
    EXPECT_NE(daemon().nsctl({"exec", "web", "true"}).status, 0) << "entered the host's namespace";
    EXPECT_NE(daemon().log().find("web"), std::string::npos);
    unmountBelow(pins() / ".quarantine"); // what was put aside is the administrator's
}

TEST_F(Start, APrivateBusThatDiesEndsTheDaemonAndKeepsThePins) {
    nsctl({"create", "web", "-t", "uts"});
    const auto inode = inodeOf(daemon().pin("web", "uts"));
    for (const auto& process : descendantsOf(daemon().pid())) {
        if (process.comm == "dbus-daemon")
            ::kill(process.pid, SIGKILL);
    }
    const auto status = daemon().waitForExit(std::chrono::seconds(10));
    ASSERT_TRUE(status);
    EXPECT_NE(*status, 0);
    EXPECT_LT(*status, 128) << "ended by a signal";
    EXPECT_EQ(inodeOf(daemon().pin("web", "uts")), inode);
    daemon().start();
    destroy("web");
}

TEST(SystemBus, ADaemonOnItAnswersAndEndsWhenItDies) {
    NSD_REQUIRE_ROOT();
    NSD_REQUIRE_PROGRAM("dbus-daemon");
    const LeakOracle machine;
    {
        auto bus = std::make_unique<TestBus>();
        TestDaemon::Options options;
        options.systemBus = bus->address();
        TestDaemon daemon(options);
        daemon.start();
        daemon.mustNsctl({"create", "web", "-t", "uts"});
        const auto inode = inodeOf(daemon.pin("web", "uts"));
        bus->kill();
        const auto status = daemon.waitForExit(std::chrono::seconds(10));
        ASSERT_TRUE(status);
        EXPECT_NE(*status, 0);
        EXPECT_LT(*status, 128) << "ended by a signal";
        EXPECT_EQ(inodeOf(daemon.pin("web", "uts")), inode);
    }
    EXPECT_TRUE(machine.clean());
}

} // namespace
} // namespace nsd::test
