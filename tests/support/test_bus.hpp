// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/command.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

// A system bus of its own: dbus-daemon with the rules of Debian's system bus (default deny) and the
// policy file that nsd installs. The host's system bus is never touched. With NSD_TEST_BUS=dbus-broker it is
// that program's, which needs a running systemd.
class TestBus {
  public:
    TestBus() : TestBus("") {}
    // With rules of the test's own behind those of nsd.
    explicit TestBus(const std::string& rules) : TestBus(rules, {}) {}
    // And on which these users are known: dbus-daemon throws off who has no entry in passwd. Needs root,
    // since it gives the bus a passwd of its own.
    TestBus(const std::string& rules, const std::vector<uid_t>& users);

    [[nodiscard]] static bool isBroker();
    // For DBUS_SYSTEM_BUS_ADDRESS.
    [[nodiscard]] const std::string& address() const noexcept { return address_; }
    // The bus dies, as seen by everybody on it.
    void kill() { process_->kill(); }

  private:
    TempDir directory_;
    std::string address_;
    std::unique_ptr<BackgroundProcess> process_;
};

} // namespace nsd::test
