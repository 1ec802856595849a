// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/bus_connection_fixture.hpp"

#include "tests/support/require.hpp"

namespace nsd::test {

void BusConnectionTest::SetUp() {
    NSD_REQUIRE_PROGRAM("dbus-daemon");
    bus_ = makeBus();
    loop_ = std::make_unique<EventLoop>(log_);
    connection_ = dbus::openBusAt(bus_->address());
    attachment_ = std::make_unique<dbus::LoopAttachment>(*connection_, loop_->handle(), log_);
}

void BusConnectionTest::TearDown() {
    if (loop_)
        loop_->discardPosted(); // answers among them still need the connection
    attachment_.reset();
    connection_.reset();
    EXPECT_EQ(log_.complaints, std::vector<std::string>{});
}

std::unique_ptr<TestBus> BusConnectionTest::makeBus() {
    if (!isRoot())
        return std::make_unique<TestBus>();
    return std::make_unique<TestBus>("", std::vector<uid_t>(knownUsers.begin(), knownUsers.end()));
}

std::unique_ptr<BusClient> BusConnectionTest::client() const {
    return std::make_unique<BusClient>(bus_->address(), loop_->handle());
}

std::unique_ptr<BusClient> BusConnectionTest::clientAs(uid_t user) const {
    return std::make_unique<BusClient>(bus_->address(), loop_->handle(), user);
}

void BusConnectionTest::settle() {
    while (sd_event_run(loop_->handle(), 0) > 0) {
    }
}

} // namespace nsd::test
