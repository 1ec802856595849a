// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "dbus/compat.hpp"
#include "dbus/loop_attachment.hpp"
#include "systemd/event_loop.hpp"
#include "tests/bus/bus_client.hpp"
#include "tests/support/test_bus.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

// Everybody's uid without any rights.
constexpr uid_t nobody = 65534;
// All who are on a bus of these tests, whatever the host's passwd says.
constexpr std::array<uid_t, 13> knownUsers{0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 13, 33, nobody};

// Keeps the errors, so that every test can say that there were none.
class RecordingLog final : public Log {
  public:
    void write(Level level, std::string_view text) noexcept override {
        if (level == Level::Error)
            complaints.emplace_back(text);
    }
    std::vector<std::string> complaints;
};

// A bus of the test's own and the daemon's connection to it, on a loop that the test turns by hand.
class BusConnectionTest : public testing::Test {
  protected:
    void SetUp() override;
    void TearDown() override;
    // With knownUsers where this is root; anybody else is on the bus with his own uid alone.
    [[nodiscard]] virtual std::unique_ptr<TestBus> makeBus();

    // Of the test's own uid, or of this user.
    [[nodiscard]] std::unique_ptr<BusClient> client() const;
    [[nodiscard]] std::unique_ptr<BusClient> clientAs(uid_t user) const;
    // Turns the loop until there is nothing more to do now.
    void settle();

    // From the first made to the first destroyed.
    std::unique_ptr<TestBus> bus_;
    RecordingLog log_;
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<sdbus::IConnection> connection_;
    std::unique_ptr<dbus::LoopAttachment> attachment_;
};

} // namespace nsd::test
