// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dbus/loop_attachment.hpp"

#include "dbus/compat.hpp"
#include "dbus/names.hpp"
#include "systemd/event_loop.hpp"
#include "tests/support/require.hpp"
#include "tests/support/test_bus.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

namespace nsd::dbus {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RecordingLog final : public Log {
  public:
    void write(Level level, std::string_view text) noexcept override {
        if (level == Level::Error)
            errors.emplace_back(text);
    }
    std::vector<std::string> errors;
};

class LoopAttachmentTest : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("dbus-daemon");
        bus.emplace();
        connection = openBusAt(bus->address());
        attachment.emplace(*connection, loop.handle(), log);
    }

    int run() {
        const auto watchdog = loop.after(seconds(20), [&] { loop.exit(77); });
        return loop.run();
    }

    RecordingLog log;
    EventLoop loop{log};
    std::optional<test::TestBus> bus;
    std::unique_ptr<sdbus::IConnection> connection;
    std::optional<LoopAttachment> attachment;
};

TEST_F(LoopAttachmentTest, aCallIsAnswered) {
    const auto proxy = makeProxy(*connection, busName, busPath);
    std::string id;
    callAsync(*proxy, makeCall(*proxy, busName, "GetId"), seconds(5),
        [&](sdbus::MethodReply* reply, const Error* error) {
            ASSERT_EQ(error, nullptr);
            *reply >> id;
            loop.exit(0);
        });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(id.size(), 32U);
}

TEST_F(LoopAttachmentTest, anErrorIsAnswered) {
    const auto proxy = makeProxy(*connection, busName, busPath);
    std::optional<Error> seen;
    callAsync(*proxy, makeCall(*proxy, busName, "NoSuchMethod"), seconds(5),
        [&](sdbus::MethodReply* reply, const Error* error) {
            ASSERT_EQ(reply, nullptr);
            seen = *error;
            loop.exit(0);
        });
    EXPECT_EQ(run(), 0);
    EXPECT_NE(seen->text().find("UnknownMethod"), std::string::npos) << seen->text();
}

// A service that nobody drives, so that it answers nothing.
std::unique_ptr<sdbus::IConnection> silentService(const test::TestBus& bus) {
    auto connection = openBusAt(bus.address());
    requestName(*connection, serviceName);
    return connection;
}

TEST_F(LoopAttachmentTest, aCallThatNobodyAnswersTimesOut) {
    NSD_REQUIRE_ROOT();
    const auto silent = silentService(*bus);
    const auto proxy = makeProxy(*connection, serviceName, managerPath);
    std::optional<Error> seen;
    callAsync(*proxy, makeCall(*proxy, managerInterface, "Get"), milliseconds(50),
        [&](sdbus::MethodReply*, const Error* error) {
            seen = *error;
            loop.exit(0);
        });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(seen->code(), Errc::TimedOut) << seen->text();
}

TEST_F(LoopAttachmentTest, aMatchIsSeen) {
    std::string name;
    const auto slot =
        addMatch(*connection, "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'",
            [&](sdbus::Message& message) {
                message >> name;
                loop.exit(0);
            });
    const auto other = openBusAt(bus->address());
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(name, std::string(other->getUniqueName()));
}

TEST_F(LoopAttachmentTest, aBusThatDiesEndsTheLoopWithAnError) {
    loop.post([&] { bus->kill(); });
    EXPECT_EQ(run(), EXIT_FAILURE);
    ASSERT_EQ(log.errors.size(), 1U);
    EXPECT_NE(log.errors[0].find("bus"), std::string::npos);
}

TEST_F(LoopAttachmentTest, aBusThatDiesAnswersWhatIsUnderWay) {
    NSD_REQUIRE_ROOT();
    const auto silent = silentService(*bus);
    const auto proxy = makeProxy(*connection, serviceName, managerPath);
    std::optional<Error> seen;
    callAsync(*proxy, makeCall(*proxy, managerInterface, "Get"), seconds(60),
        [&](sdbus::MethodReply*, const Error* error) { seen = *error; });
    loop.post([&] { bus->kill(); });
    EXPECT_EQ(run(), EXIT_FAILURE);
    EXPECT_TRUE(seen);
}

TEST_F(LoopAttachmentTest, aNameThatSomebodyHasIsAnErrorThatSaysSo) {
    NSD_REQUIRE_ROOT();
    const auto first = silentService(*bus);
    try {
        requestName(*connection, serviceName);
        FAIL() << "two own it";
    } catch (const Error& error) {
        EXPECT_NE(error.text().find("another nsd"), std::string::npos) << error.text();
    }
}

} // namespace
} // namespace nsd::dbus
