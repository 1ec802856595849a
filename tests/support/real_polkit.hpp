// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/command.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>
#include <string>

namespace nsd::test {

// Debian's polkitd on a bus of the test's own, which must let the user polkitd own its name and call
// agents (busRules). In a mount namespace of its own it finds the actions that nsd installs and no others,
// polkit's default rules, and the rules of the test; the host's files are never touched.
class RealPolkit {
  public:
    static constexpr auto program = "/usr/lib/polkit-1/polkitd";
    // For TestBus.
    static constexpr auto busRules = R"(<policy user="polkitd">
        <allow own="org.freedesktop.PolicyKit1"/>
        <allow send_interface="org.freedesktop.PolicyKit1.AuthenticationAgent"/>
    </policy>)";

    // Returns when it is on the bus; throws with what it said where it does not come. `rules`: what an
    // administrator has in /etc/polkit-1/rules.d.
    explicit RealPolkit(const std::string& busAddress, const std::string& rules = "");

    // As when it crashes.
    void kill() { process_->kill(); }

  private:
    TempDir directory_;
    std::unique_ptr<BackgroundProcess> process_;
};

} // namespace nsd::test
