// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the service manager is told, by the test's own end of sd_notify(3).
#include "tests/support/system_test.hpp"

#include "tests/support/notify_socket.hpp"
#include "tests/system/manager_calls.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <sys/resource.h>

namespace nsd::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds watchdogTime{400};
constexpr auto sign = "WATCHDOG=1";

class Supervision : public SystemTest {
  protected:
    void SetUp() override {
        SystemTest::SetUp();
        if (!IsSkipped())
            manager_.emplace(daemon().directory() / "notify");
    }
    void TearDown() override {
        manager_.reset(); // nobody reads it any more, and a full one would stop the daemon
        SystemTest::TearDown();
    }
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.environment["WATCHDOG_USEC"] = std::to_string(watchdogTime.count() * 1000);
        return options;
    }
    [[nodiscard]] const NotifySocket& manager() const { return *manager_; }
    [[nodiscard]] std::string next(std::string_view part) const {
        return manager_->waitFor(part, seconds(20));
    }
    // As long as the manager would wait, and longer.
    [[nodiscard]] bool starves() const {
        static_cast<void>(manager_->takeAll());
        return manager_->waitFor(sign, 3 * watchdogTime).empty();
    }
    void setDescriptorLimit(rlim_t limit) {
        rlimit files{};
        ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, nullptr, &files), 0);
        files.rlim_cur = limit == RLIM_INFINITY ? files.rlim_max : limit;
        ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, &files, nullptr), 0);
    }

  private:
    std::optional<NotifySocket> manager_;
};

TEST_F(Supervision, TheWatchdogIsFedWhileTheLoopTurns) {
    EXPECT_EQ(next(sign), sign);
    ASSERT_EQ(::kill(daemon().pid(), SIGSTOP), 0);
    EXPECT_TRUE(starves());
    ASSERT_EQ(::kill(daemon().pid(), SIGCONT), 0);
    EXPECT_EQ(next(sign), sign);
}

TEST_F(Supervision, TheWatchdogStarvesWhenNothingCanBeOpened) {
    EXPECT_EQ(next(sign), sign);
    setDescriptorLimit(0);
    EXPECT_TRUE(starves());
    setDescriptorLimit(RLIM_INFINITY);
    EXPECT_EQ(next(sign), sign);
    EXPECT_NE(daemon().log().find("The watchdog is not fed"), std::string::npos) << daemon().log();
}

TEST_F(Supervision, TheStatusSaysHowMuchThereIs) {
    for (const auto* name : {"a", "b", "c"})
        nsctl({"create", name, "-t", "uts"});
    EXPECT_TRUE(next("STATUS=3 namespaces, 0 processes, 0 leases, ").ends_with(" workers"));
    auto lease = holdOverBus(daemon().busAddress(), "a");
    EXPECT_NE(next("STATUS=3 namespaces, 0 processes, 1 leases, "), "");
    lease.reset();
    EXPECT_NE(next("STATUS=3 namespaces, 0 processes, 0 leases, "), "");
    for (const auto* name : {"a", "b", "c"})
        destroy(name);
    EXPECT_NE(next("STATUS=0 namespaces, "), "");
}

TEST_F(Supervision, AReloadIsToldWithItsBeginAndItsEnd) {
    const auto expectReload = [&] {
        EXPECT_NE(next("RELOADING=1").find("\nMONOTONIC_USEC="), std::string::npos);
        EXPECT_TRUE(next("READY=1").starts_with("READY=1\nSTATUS=0 namespaces, "));
    };
    ASSERT_EQ(::kill(daemon().pid(), SIGHUP), 0);
    expectReload();
    writeFile(daemon().directory() / "etc/nsd.json", "{ wrong");
    EXPECT_NE(run({"busctl", "--address=" + daemon().busAddress(), "call", "org.nsd1", "/org/nsd1",
                      "org.nsd1.Manager", "Reload"})
                  .status,
        0);
    expectReload();
}

TEST_F(Supervision, ALogLevelThatWasSetHoldsUntilTheSettingsSayAnother) {
    const auto level = [&] {
        return run({"busctl", "--address=" + daemon().busAddress(), "get-property", "org.nsd1",
                       "/org/freedesktop/LogControl1", "org.freedesktop.LogControl1", "LogLevel"})
            .out;
    };
    const auto reload = [&] {
        ASSERT_EQ(::kill(daemon().pid(), SIGHUP), 0);
        EXPECT_NE(next("READY=1"), "");
    };
    mustRun({"busctl", "--address=" + daemon().busAddress(), "set-property", "org.nsd1",
        "/org/freedesktop/LogControl1", "org.freedesktop.LogControl1", "LogLevel", "s", "debug"});
    EXPECT_EQ(level(), "s \"debug\"\n");
    reload();
    EXPECT_EQ(level(), "s \"debug\"\n");
    writeFile(daemon().directory() / "etc/nsd.json", R"({"log-level": "warning"})");
    reload();
    EXPECT_EQ(level(), "s \"warning\"\n");
}

TEST_F(Supervision, TheEndIsToldWhenItBegins) {
    ASSERT_EQ(daemon().terminate(), 0);
    EXPECT_EQ(next("STOPPING=1"), "STOPPING=1");
    daemon().start();
}

} // namespace
} // namespace nsd::test
