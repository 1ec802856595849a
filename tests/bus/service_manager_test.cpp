// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What nsctl unit asks of systemd, which is here the test's own.
#include "client/unit/service_manager.hpp"
#include "common/error.hpp"
#include "tests/support/command.hpp"
#include "tests/support/require.hpp"
#include "tests/support/test_bus.hpp"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string_view>
#include <systemd/sd-bus.h>
#include <thread>

namespace nsd::test {
namespace {

// Owns org.freedesktop.systemd1, in a thread of its own, since nsctl's calls block.
class AnsweringSystemd {
  public:
    explicit AnsweringSystemd(const std::string& address) {
        sd_bus_new(&bus_);
        sd_bus_set_address(bus_, address.c_str());
        sd_bus_set_bus_client(bus_, 1);
        sd_bus_start(bus_);
        sd_bus_add_filter(bus_, nullptr, onMessage, this);
        sd_bus_request_name(bus_, "org.freedesktop.systemd1", 0);
        thread_ = std::thread([this] { answer(); });
    }
    ~AnsweringSystemd() {
        ended_ = true;
        thread_.join();
        sd_bus_close_unref(bus_);
    }
    AnsweringSystemd(const AnsweringSystemd&) = delete;
    AnsweringSystemd& operator=(const AnsweringSystemd&) = delete;

    std::string version = "252.39-1~deb12u2"; // to be set before it is asked for
    std::atomic<int> reloads = 0;

  private:
    void answer() {
        constexpr std::uint64_t lookAgain = 10'000; // µs
        while (!ended_)
            if (sd_bus_process(bus_, nullptr) == 0)
                sd_bus_wait(bus_, lookAgain);
    }

    static int onMessage(sd_bus_message* message, void* data, sd_bus_error* /*error*/) {
        return static_cast<AnsweringSystemd*>(data)->answerTo(message);
    }

    int answerTo(sd_bus_message* message) {
        constexpr auto manager = "org.freedesktop.systemd1.Manager";
        const char* word = nullptr;
        if (sd_bus_message_is_method_call(message, manager, "Reload") > 0) {
            ++reloads;
            return sd_bus_reply_method_return(message, nullptr);
        }
        if (sd_bus_message_is_method_call(message, manager, "ListUnitFiles") > 0)
            return sd_bus_reply_method_return(message, "a(ss)", 5, "/usr/lib/systemd/system/nginx.service",
                "enabled", "/etc/systemd/system/a@.socket", "static", "/etc/systemd/system/b.mount",
                "generated", "/etc/systemd/system/c.swap", "generated", "/etc/systemd/system/d.timer",
                "disabled");
        if (sd_bus_message_is_method_call(message, manager, "LoadUnit") > 0) {
            sd_bus_message_read(message, "s", &word);
            if (std::string_view(word) != "nginx.service")
                return sd_bus_reply_method_errorf(message, SD_BUS_ERROR_INVALID_ARGS, "not this one");
            return sd_bus_reply_method_return(message, "o", "/org/freedesktop/systemd1/unit/nginx");
        }
        if (sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Properties", "Get") <= 0)
            return 0;
        sd_bus_message_read(message, "ss", nullptr, &word);
        if (std::string_view(word) == "Version")
            return sd_bus_reply_method_return(message, "v", "s", version.c_str());
        // Two of a oneshot service, the second with an @ before it.
        return sd_bus_reply_method_return(message, "v", "a(sasbttttuii)", 2, "/bin/echo", 2, "/bin/echo",
            "a b", 0, 0UL, 0UL, 0UL, 0UL, 0U, 0, 0, "/bin/sh", 3, "another-name", "-c", "true", 1, 0UL, 0UL,
            0UL, 0UL, 0U, 0, 0);
    }

    sd_bus* bus_ = nullptr;
    std::atomic<bool> ended_ = false;
    std::thread thread_;
};

class Systemd : public ::testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("dbus-daemon");
        bus_.emplace();
        ::setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_->address().c_str(), 1);
        systemd.emplace(bus_->address());
    }
    void TearDown() override { ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS"); }

  private:
    std::optional<TestBus> bus_;

  protected:
    std::optional<AnsweringSystemd> systemd;
};

TEST_F(Systemd, ItsVersionIsTheNumberInFront) {
    EXPECT_EQ(client::connectToSystemd()->version(), 252U);
    systemd->version = "v259-rc1";
    EXPECT_EQ(client::connectToSystemd()->version(), 259U);
    systemd->version = "261";
    EXPECT_EQ(client::connectToSystemd()->version(), 261U);
}

TEST_F(Systemd, SaysWhatAServiceStarts) {
    const auto commands = client::connectToSystemd()->startCommands("nginx.service");
    ASSERT_EQ(commands.size(), 2U);
    EXPECT_EQ(commands[0], (std::vector<std::string>{"/bin/echo", "a b"}));
    EXPECT_EQ(commands[1], (std::vector<std::string>{"/bin/sh", "-c", "true"}));
}

TEST_F(Systemd, ItsUnitsThatCanJoinAreCompleted) {
    const auto answer = run({NSD_TEST_BIN_DIR "/nsctl", "__complete", "unit", "web", ""});
    EXPECT_EQ(answer.out, "nginx.service\t\na@.socket\t\nb.mount\t\nc.swap\t\n");
    EXPECT_EQ(answer.err, "");
}

TEST_F(Systemd, IsToldToReadItsConfigurationAgain) {
    client::connectToSystemd()->reload();
    EXPECT_EQ(systemd->reloads, 1);
}

TEST_F(Systemd, ItsRefusalIsToldAsItsOwn) {
    try {
        static_cast<void>(client::connectToSystemd()->startCommands("other.service"));
        FAIL() << "no refusal";
    } catch (const Error& error) {
        EXPECT_EQ(error.text(), "systemd: not this one");
    }
}

TEST(NoSystemd, IsToldOf) {
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    EXPECT_THROW(static_cast<void>(client::connectToSystemd()), Error);
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
}

} // namespace
} // namespace nsd::test
