// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/process_launcher.hpp"

#include <sdbus-c++/sdbus-c++.h>

#include <memory>

namespace nsd::bus {

// Has systemd start a helper, as a transient service in the slice of who called: it has none of the
// daemon's control group, limits and system call filter. Where org.freedesktop.systemd1 has no owner
// on this bus, somebody else starts them.
class TransientUnits final : public SupervisorStarter {
  public:
    TransientUnits(sdbus::IConnection& connection, SupervisorStarter& otherwise, HelperCommand command);
    TransientUnits(const TransientUnits&) = delete;
    TransientUnits& operator=(const TransientUnits&) = delete;
    ~TransientUnits() override;

    void start(SupervisorStart start, Completion<Done> done) override;

  private:
    void startUnit(const SupervisorStart& start, const Completion<Done>& done);

    SupervisorStarter& otherwise_;
    HelperCommand command_;
    std::unique_ptr<sdbus::IProxy> bus_;
    std::unique_ptr<sdbus::IProxy> systemd_;
};

} // namespace nsd::bus
