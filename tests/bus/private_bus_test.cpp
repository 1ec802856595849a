// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/private_bus.hpp"

#include "common/error.hpp"
#include "common/scope_guard.hpp"
#include "daemon/private_bus_config.hpp"
#include "dbus/compat.hpp"
#include "dbus/names.hpp"
#include "systemd/event_loop.hpp"
#include "tests/support/command.hpp"
#include "tests/support/require.hpp"
#include "tests/support/temp_dir.hpp"

#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <optional>
#include <pwd.h>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace nsd {
namespace {

constexpr uid_t nobody = 65534;

class RecordingLog final : public Log {
  public:
    void write(Level level, std::string_view text) noexcept override {
        if (level == Level::Error)
            errors.emplace_back(text);
    }
    std::vector<std::string> errors;
};

class PrivateBusTest : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT(); // its rules are for root and others
        NSD_REQUIRE_PROGRAM("dbus-daemon");
        NSD_REQUIRE_PROGRAM("busctl");
    }

    [[nodiscard]] std::string socket() const { return directory / "bus"; }
    [[nodiscard]] bool hasSocket() const { return ::access(socket().c_str(), F_OK) == 0; }

    std::string whyItDoesNotStart(const std::string& path) {
        try {
            const PrivateBus bus(loop, log, path);
        } catch (const Error& error) {
            return error.text();
        }
        return "it starts";
    }

    // Nobody answers here, so whatever gets through times out; the bus itself refuses at once.
    static void expectCall(const PrivateBus& bus, uid_t user, const std::string& path,
        const std::string& interface, const std::string& method, bool allowed) {
        test::CommandOptions options;
        options.user = user;
        const auto answer =
            test::run({"busctl", "--address=" + bus.address(), allowed ? "--timeout=100ms" : "--timeout=20s",
                          "call", "org.nsd1", path, interface, method},
                options);
        const bool refused = answer.err.find("ccess denied") != std::string::npos;
        EXPECT_EQ(refused, !allowed) << path << ' ' << interface << '.' << method << ": " << answer.err;
    }

    test::TempDir directory;
    RecordingLog log;
    EventLoop loop{log};
};

TEST_F(PrivateBusTest, itListensOnceItIsThere) {
    const PrivateBus bus(loop, log, socket());
    EXPECT_FALSE(std::string(dbus::openBusAt(bus.address())->getUniqueName()).empty());
}

TEST_F(PrivateBusTest, itsSocketGoesWithIt) {
    {
        const PrivateBus bus(loop, log, socket());
        EXPECT_TRUE(hasSocket());
    }
    EXPECT_FALSE(hasSocket());
}

TEST_F(PrivateBusTest, everybodyMayConnectAndOnlyRootMayOwnTheName) {
    const PrivateBus bus(loop, log, socket());
    test::CommandOptions options;
    options.user = nobody;
    const auto denied = test::run({"busctl", "--address=" + bus.address(), "call", "org.freedesktop.DBus",
                                      "/", "org.freedesktop.DBus", "RequestName", "su", "org.nsd1", "0"},
        options);
    EXPECT_FALSE(denied.ok());
    EXPECT_NE(denied.err.find("ccess denied"), std::string::npos) << denied.err;
    EXPECT_TRUE(test::run({"busctl", "--address=" + bus.address(), "call", "org.freedesktop.DBus", "/",
                              "org.freedesktop.DBus", "GetId"},
        options)
                    .ok());
    EXPECT_NO_THROW(dbus::requestName(*dbus::openBusAt(bus.address()), "org.nsd1"));
}

TEST_F(PrivateBusTest, rootOwnsNoOtherNameEither) {
    const PrivateBus bus(loop, log, socket());
    const auto connection = dbus::openBusAt(bus.address());
    EXPECT_THROW(dbus::requestName(*connection, "org.freedesktop.PolicyKit1"), Error);
}

// Whoever had that name would be believed to be polkit, if nsd asked on its own bus.
TEST_F(PrivateBusTest, nobodyElseOwnsANameOfAnotherService) {
    const PrivateBus bus(loop, log, socket());
    for (const uid_t user : {uid_t{1000}, uid_t{33}, nobody}) {
        if (::getpwuid(user) == nullptr)
            continue; // dbus-daemon would not even let it in
        test::CommandOptions options;
        options.user = user;
        const auto answer =
            test::run({"busctl", "--address=" + bus.address(), "call", "org.freedesktop.DBus", "/",
                          "org.freedesktop.DBus", "RequestName", "su", "org.freedesktop.PolicyKit1", "0"},
                options);
        EXPECT_FALSE(answer.ok()) << user;
        EXPECT_NE(answer.err.find("ccess denied"), std::string::npos) << user << answer.err;
    }
}

TEST_F(PrivateBusTest, everybodyMayCallWhatThePolicyNamesAndNothingElse) {
    const PrivateBus bus(loop, log, socket());
    const auto service = dbus::openBusAt(bus.address());
    dbus::requestName(*service, "org.nsd1");
    const std::string properties = "org.freedesktop.DBus.Properties";
    const std::string introspectable = "org.freedesktop.DBus.Introspectable";
    expectCall(bus, nobody, "/org/nsd1", "org.nsd1.Manager", "List", true);
    expectCall(bus, nobody, "/org/nsd1/namespace/x", "org.nsd1.Namespace", "Enter", true);
    expectCall(bus, nobody, "/org/nsd1", properties, "GetAll", true);
    expectCall(bus, nobody, "/org/nsd1", introspectable, "Introspect", true);
    expectCall(bus, nobody, "/org/nsd1/namespace", introspectable, "Introspect", false);
    expectCall(bus, nobody, "/org/freedesktop/LogControl1", properties, "Set", false);
    expectCall(bus, nobody, "/org/nsd1", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", false);
    expectCall(bus, 0, "/org/nsd1/namespace", introspectable, "Introspect", true);
    expectCall(bus, 0, "/org/freedesktop/LogControl1", properties, "Set", true);
}

TEST_F(PrivateBusTest, aSocketLeftBehindIsReplaced) {
    {
        const PrivateBus killed(loop, log, socket());
        ASSERT_EQ(::rename(socket().c_str(), (directory / "stale").c_str()), 0);
    }
    ASSERT_EQ(::rename((directory / "stale").c_str(), socket().c_str()), 0);
    const PrivateBus bus(loop, log, socket());
    EXPECT_NO_THROW((void)dbus::openBusAt(bus.address()));
}

TEST_F(PrivateBusTest, whatIsNoSocketIsNotRemoved) {
    test::writeFile(socket(), "precious");
    EXPECT_NE(whyItDoesNotStart(socket()).find("no socket"), std::string::npos);
    EXPECT_EQ(test::readFile(socket()), "precious");
}

TEST_F(PrivateBusTest, aBusThatDiesIsLoggedAndEndsTheLoopWithAnError) {
    const PrivateBus bus(loop, log, socket());
    const auto pid = test::mustRun({"busctl", "--address=" + bus.address(), "call", "org.freedesktop.DBus",
        "/", "org.freedesktop.DBus", "GetConnectionUnixProcessID", "s", "org.freedesktop.DBus"});
    ASSERT_EQ(::kill(std::stoi(pid.substr(2)), SIGKILL), 0) << pid;
    const auto watchdog = loop.after(std::chrono::seconds(20), [&] { loop.exit(77); });
    EXPECT_EQ(loop.run(), EXIT_FAILURE);
    ASSERT_EQ(log.errors.size(), 1U);
    EXPECT_NE(log.errors[0].find("killed by signal 9"), std::string::npos) << log.errors[0];
}

TEST_F(PrivateBusTest, aMissingProgramIsNamed) {
    const std::string before = std::getenv("PATH");
    const ScopeGuard restore([&] { ::setenv("PATH", before.c_str(), 1); });
    ::setenv("PATH", directory.path().c_str(), 1);
    EXPECT_NE(whyItDoesNotStart(socket()).find("dbus-daemon, which is not in PATH"), std::string::npos);
}

TEST_F(PrivateBusTest, oneThatDoesNotStartSaysHowItEnded) {
    const auto why = whyItDoesNotStart(directory / "no-such-directory/bus");
    EXPECT_NE(why.find("ended with status 1"), std::string::npos) << why;
}

TEST_F(PrivateBusTest, oddCharactersInThePathAreEscaped) {
    const auto odd = directory / "a b<&>;,%'\"";
    ASSERT_EQ(::mkdir(odd.c_str(), 0755), 0);
    const PrivateBus bus(loop, log, odd / "bus");
    EXPECT_NO_THROW((void)dbus::openBusAt(bus.address()));
}

} // namespace
} // namespace nsd
