// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Descriptors that a client does not read count against who sent them: with dbus-daemon's own limit of
// 64, one client could make nsd unreachable.
#include "daemon/private_bus.hpp"
#include "systemd/event_loop.hpp"
#include "tests/bus/bus_fixture.hpp"
#include "tests/support/require.hpp"

#include <stdexcept>
#include <string>
#include <unistd.h>

namespace nsd::test {
namespace {

struct Close {
    void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
};
using Connection = std::unique_ptr<sd_bus, Close>;

void must(int result) {
    if (result < 0)
        throw std::runtime_error("sd-bus: " + std::to_string(-result));
}

Connection connectTo(const std::string& address) {
    sd_bus* raw = nullptr;
    must(sd_bus_new(&raw));
    Connection bus(raw);
    must(sd_bus_set_address(raw, address.c_str()));
    must(sd_bus_set_bus_client(raw, 1));
    must(sd_bus_negotiate_fds(raw, 1));
    must(sd_bus_start(raw));
    const char* name = nullptr;
    must(sd_bus_get_unique_name(raw, &name));
    return bus;
}

// 90 descriptors, in messages too large for a socket's buffer.
void sendFds(sd_bus* sender, const char* recipient) {
    const std::string ballast(32'768, 'x');
    for (int i = 0; i < 90; ++i) {
        sd_bus_message* raw = nullptr;
        must(sd_bus_message_new_signal(sender, &raw, "/test", "org.nsd1.Test", "Fd"));
        const MessagePtr message(raw);
        must(sd_bus_message_append(raw, "sh", ballast.c_str(), STDIN_FILENO));
        must(sd_bus_message_set_destination(raw, recipient));
        must(sd_bus_send(sender, raw, nullptr));
    }
}

void askTheBus(sd_bus* client) {
    must(sd_bus_call_method(
        client, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId", nullptr, nullptr, ""));
}

int onAnswer(sd_bus_message* message, void* answered, sd_bus_error* /*error*/) {
    *static_cast<bool*>(answered) = sd_bus_message_is_method_error(message, nullptr) == 0;
    return 0;
}

// Whether somebody who has sent descriptors to a client that reads nothing still gets answers, while the
// bus serves another one so often that it could have read all of this many times.
bool isServedWithFdsUnread(const std::string& address) {
    const auto sender = connectTo(address);
    const auto idle = connectTo(address);
    const auto neighbour = connectTo(address);
    const char* name = nullptr;
    must(sd_bus_get_unique_name(idle.get(), &name));
    sendFds(sender.get(), name);
    bool answered = false;
    must(sd_bus_call_method_async(sender.get(), nullptr, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
        "GetId", onAnswer, &answered, ""));
    for (int turn = 0; turn < 10'000 && !answered; ++turn) {
        while (sd_bus_process(sender.get(), nullptr) > 0) {
        }
        askTheBus(neighbour.get());
    }
    return answered;
}

class UnreadFdsTest : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE_PROGRAM("dbus-daemon");
    }
};

TEST_F(UnreadFdsTest, stopNobodyUnderTheInstalledPolicy) {
    EXPECT_TRUE(isServedWithFdsUnread(TestBus().address()));
}

TEST_F(UnreadFdsTest, stopNobodyOnThePrivateBus) {
    const TempDir directory;
    RecordingLog log;
    EventLoop loop(log);
    const PrivateBus bus(loop, log, directory / "bus");
    EXPECT_TRUE(isServedWithFdsUnread(bus.address()));
}

// What the limit is for; if this ever passes by itself, the two above prove nothing.
TEST_F(UnreadFdsTest, wouldStopTheSenderWithTheBussOwnLimit) {
    const TestBus bus(R"(<limit name="max_incoming_unix_fds">64</limit>)");
    // dbus-broker counts what each user leaves unread, and needs no limit from nsd.
    EXPECT_EQ(isServedWithFdsUnread(bus.address()), TestBus::isBroker());
}

} // namespace
} // namespace nsd::test
