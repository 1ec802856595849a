// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/watchdog.hpp"

#include "common/error.hpp"
#include "systemd/notify.hpp"
#include "tests/support/fake_loop.hpp"
#include "tests/support/notify_socket.hpp"
#include "tests/support/temp_dir.hpp"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace nsd::test {
namespace {

using std::chrono::seconds;

class ErrorLog final : public Log {
  public:
    void write(Level level, std::string_view text) noexcept override {
        if (level == Level::Error)
            errors.emplace_back(text);
    }
    std::vector<std::string> errors;
};

class WatchdogTest : public testing::Test {
  protected:
    WatchdogTest() { ::setenv("NOTIFY_SOCKET", (directory_ / "notify").c_str(), 1); }
    ~WatchdogTest() override {
        for (const auto* variable : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
            ::unsetenv(variable);
    }
    [[nodiscard]] std::size_t fed() const { return manager_.takeAll().size(); }
    void tryCanary() const {
        if (!canaryLives_)
            throw kernelError("open", "something", EMFILE);
    }

    TempDir directory_;
    NotifySocket manager_{directory_ / "notify"};
    FakeLoop loop_;
    ErrorLog log_;
    bool canaryLives_ = true;
};

TEST_F(WatchdogTest, isFedAtHalfOfItsTime) {
    const Watchdog watchdog(loop_, log_, seconds(30), [this] { tryCanary(); });
    EXPECT_EQ(manager_.takeAll(), std::vector<std::string>{"WATCHDOG=1"}) << "at once";
    loop_.advance(std::chrono::milliseconds(14'999));
    EXPECT_EQ(fed(), 0U);
    loop_.advance(std::chrono::milliseconds(1));
    EXPECT_EQ(fed(), 1U);
    loop_.advance(seconds(150));
    EXPECT_EQ(fed(), 10U);
}

TEST_F(WatchdogTest, starvesWhileTheCanaryIsDeadWhichIsSaidOnce) {
    const Watchdog watchdog(loop_, log_, seconds(30), [this] { tryCanary(); });
    EXPECT_EQ(fed(), 1U);
    canaryLives_ = false;
    loop_.advance(seconds(60));
    EXPECT_EQ(fed(), 0U);
    ASSERT_EQ(log_.errors.size(), 1U);
    EXPECT_NE(log_.errors[0].find("something"), std::string::npos) << log_.errors[0];
    canaryLives_ = true;
    loop_.advance(seconds(15));
    EXPECT_EQ(fed(), 1U);
    canaryLives_ = false;
    loop_.advance(seconds(15));
    EXPECT_EQ(log_.errors.size(), 2U);
}

TEST_F(WatchdogTest, thatNobodyHasNeedsNothing) {
    const Watchdog watchdog(loop_, log_, notify::watchdogTime(), [this] { tryCanary(); });
    EXPECT_EQ(loop_.timers(), 0U);
    EXPECT_EQ(fed(), 0U);
}

TEST_F(WatchdogTest, hasTheTimeThatTheManagerSays) {
    ::setenv("WATCHDOG_USEC", "30000000", 1);
    EXPECT_EQ(notify::watchdogTime(), seconds(30));
    ::setenv("WATCHDOG_PID", std::to_string(::getpid() + 1).c_str(), 1);
    EXPECT_EQ(notify::watchdogTime(), seconds(0)) << "it is another process's";
}

} // namespace
} // namespace nsd::test
