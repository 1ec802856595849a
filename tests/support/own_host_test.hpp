// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/host_network.hpp"
#include "tests/support/require.hpp"
#include "tests/support/test_daemon.hpp"

#include <optional>

namespace nsd::test {

// A test of the whole, of the kind Base (SystemTest or what is made of it), whose nsd has a host of its own.
template <class Base>
class OwnHostTest : public Base {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        for (const auto* program : {"ip", "nsenter", "unshare"})
            NSD_REQUIRE_PROGRAM(program);
        host_.emplace();
        Base::SetUp();
    }
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.wrapper = host_->wrapper();
        return options;
    }

    std::optional<HostNetwork> host_;
};

} // namespace nsd::test
