// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/log_control_object.hpp"

#include "tests/bus/bus_fixture.hpp"
#include "tests/bus/introspection.hpp"
#include "tests/support/require.hpp"
#include "tests/support/test_bus.hpp"

#include <memory>
#include <string>

namespace nsd::test {
namespace {

constexpr auto path = "/org/freedesktop/LogControl1";
constexpr auto interface = "org.freedesktop.LogControl1";

class OneWord final : public LogControl {
  public:
    [[nodiscard]] std::string_view logLevel() const noexcept override { return level; }
    [[nodiscard]] std::string_view logTarget() const noexcept override { return target; }
    void setLogLevel(std::string_view word) override {
        if (word == "loud")
            throw Error(Errc::InvalidArgument, "there is no loud");
        level = word;
    }
    void setLogTarget(std::string_view word) override { target = word; }

    std::string level = "info";
    std::string target = "auto";
};

class LogControlTest : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (connection_)
            object_ = std::make_unique<bus::LogControlObject>(*connection_, control_, audit_);
    }
    void TearDown() override {
        object_.reset();
        BusTest::TearDown();
    }
    AnswerPtr set(BusClient& client, const char* property, const char* type, const char* value,
        const char* of = interface) {
        return client.call(path, "org.freedesktop.DBus.Properties", "Set",
            BusClient::filled("ssv", of, property, type, value));
    }

    OneWord control_;
    std::unique_ptr<bus::LogControlObject> object_;
};

TEST_F(LogControlTest, showsWhatIsSet) {
    EXPECT_EQ(root_->property(path, interface, "LogLevel"), "\"info\"");
    EXPECT_EQ(root_->property(path, interface, "LogTarget"), "\"auto\"");
    EXPECT_EQ(root_->property(path, interface, "SyslogIdentifier"), "\"nsd\"");
}

TEST_F(LogControlTest, rootSetsIt) {
    EXPECT_EQ(set(*root_, "LogLevel", "s", "debug")->error, "");
    EXPECT_EQ(set(*root_, "LogTarget", "s", "console")->error, "");
    EXPECT_EQ(control_.level, "debug");
    EXPECT_EQ(control_.target, "console");
    ASSERT_EQ(audit_.decisions.size(), 2U);
    EXPECT_TRUE(audit_.decisions.front().allowed);
    EXPECT_EQ(audit_.decisions.front().caller.uid, 0U);
}

// On a bus whose policy lets everybody through.
class LogControlWithoutPolicyTest : public LogControlTest {
  protected:
    [[nodiscard]] std::unique_ptr<TestBus> makeBus() override {
        return std::make_unique<TestBus>(R"(<policy context="default">
            <allow send_destination="org.nsd1" send_interface="org.freedesktop.DBus.Properties"/></policy>)");
    }
};

TEST_F(LogControlTest, theBusLetsNobodyElseThrough) {
    NSD_REQUIRE_ROOT();
    const auto guest = clientAs(nobody);
    EXPECT_EQ(set(*guest, "LogLevel", "s", "debug")->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(control_.level, "info");
    EXPECT_TRUE(audit_.decisions.empty()) << "it was the daemon who refused";
}

TEST_F(LogControlWithoutPolicyTest, theDaemonRefusesEverybodyElse) {
    NSD_REQUIRE_ROOT();
    const auto guest = clientAs(nobody);
    EXPECT_EQ(set(*guest, "LogLevel", "s", "debug")->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(set(*guest, "LogTarget", "s", "console")->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(control_.level, "info");
    EXPECT_EQ(control_.target, "auto");
    ASSERT_EQ(audit_.decisions.size(), 2U);
    EXPECT_FALSE(audit_.decisions.front().allowed);
    EXPECT_EQ(audit_.decisions.front().caller.uid, nobody);
    EXPECT_EQ(guest->property(path, interface, "LogLevel"), "\"info\"") << "reading is everybody's";
}

TEST_F(LogControlTest, whatCannotBeSetIsRefused) {
    EXPECT_EQ(set(*root_, "LogLevel", "s", "loud")->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_EQ(set(*root_, "SyslogIdentifier", "s", "me")->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_EQ(set(*root_, "LogLevel", "o", "/debug")->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_NE(set(*root_, "LogLevel", "s", "debug", "org.example.Other")->error, "");
    EXPECT_EQ(control_.level, "info");
}

TEST_F(LogControlTest, aCallerWhoLeavesChangesNothingAndHurtsNobody) {
    const auto leaver = clientAs(0);
    static_cast<void>(leaver->start(path, "org.freedesktop.DBus.Properties", "Set",
        BusClient::filled("ssv", interface, "LogLevel", "s", "debug")));
    leaver->vanish();
    EXPECT_EQ(root_->property(path, interface, "SyslogIdentifier"), "\"nsd\"");
}

TEST_F(LogControlTest, isTheInterfaceOfSystemd) {
    const auto answer =
        root_->call(path, "org.freedesktop.DBus.Introspectable", "Introspect", BusClient::filled(""));
    const Members expected{{"property LogLevel", "readwrite s"}, {"property LogTarget", "readwrite s"},
        {"property SyslogIdentifier", "read s"}};
    EXPECT_EQ(readIntrospection(answer->text).at(interface), expected);
    EXPECT_EQ(readIntrospection(readFile(NSD_TEST_SOURCE_DIR "/dbus/org.freedesktop.LogControl1.xml"))
                  .at(interface),
        expected);
}

} // namespace
} // namespace nsd::test
