// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/polkit_authority.hpp"
#include "tests/bus/bus_fixture.hpp"
#include "tests/support/fake_polkit.hpp"
#include "tests/support/require.hpp"

#include <memory>

namespace nsd::test {

// The daemon's bus side as on the system bus: it asks a polkit that does what the test says.
class PolkitBusTest : public BusTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT(); // its clients are of several users
        BusTest::SetUp();
        if (!IsSkipped() && !HasFatalFailure())
            polkit_ = std::make_unique<FakePolkit>(bus_->address(), loop_->handle());
    }
    void TearDown() override {
        BusTest::TearDown();
        polkit_.reset();
    }
    [[nodiscard]] Authority& authority() override {
        if (!asking_)
            asking_ = std::make_unique<bus::PolkitAuthority>(*connection_, *loop_, *clients_, limits());
        return *asking_;
    }
    [[nodiscard]] virtual bus::PolkitAuthority::Limits limits() const { return {}; }
    void endAuthority() override {
        asking_.reset();
        BusTest::endAuthority();
    }

    std::unique_ptr<FakePolkit> polkit_;
    std::unique_ptr<bus::PolkitAuthority> asking_;
};

} // namespace nsd::test
