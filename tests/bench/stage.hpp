// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/bench/bus_calls.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/test_bus.hpp"
#include "tests/support/test_daemon.hpp"

namespace nsd::bench {

// What is measured: a bus with nsd and the empty service on it, and a client. Fresh for each section, so
// that none inherits the memory or the namespaces of another; all that it holds goes with it.
class Stage {
  public:
    Stage();

    [[nodiscard]] const BusCalls& bus() const noexcept { return client_; }
    [[nodiscard]] const std::string& address() const noexcept { return bus_.address(); }
    [[nodiscard]] const test::TestDaemon& daemon() const noexcept { return daemon_; }

  private:
    test::TestBus bus_;
    test::TestDaemon daemon_;
    test::BackgroundProcess emptyService_;
    BusCalls client_;
};

// Namespaces of type uts that are there while something else is measured.
class Crowd {
  public:
    explicit Crowd(const BusCalls& bus) : bus_(bus) {}

    // Makes so many more, one after the other, and says how long each took.
    Samples grow(unsigned count);
    void clear();

  private:
    const BusCalls& bus_;
    unsigned size_ = 0;
};

} // namespace nsd::bench
