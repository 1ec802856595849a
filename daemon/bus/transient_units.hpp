// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/process_launcher.hpp"

#include <sdbus-c++/sdbus-c++.h>

#include <memory>
#include <string>

namespace nsd::bus {

// Has systemd start supervisors, as transient services in the slice of who called: they have none of
// the daemon's control group, limits and system call filter. Where org.freedesktop.systemd1 has no owner
// on this bus, somebody else starts them.
class TransientUnits final : public SupervisorStarter {
  public:
    // `program` is nsd-worker.
    TransientUnits(sdbus::IConnection& connection, SupervisorStarter& otherwise, std::string program);
    TransientUnits(const TransientUnits&) = delete;
    TransientUnits& operator=(const TransientUnits&) = delete;
    ~TransientUnits() override;

    void start(SupervisorStart start, Completion<Done> done) override;

  private:
    void startUnit(const SupervisorStart& start, const Completion<Done>& done);

    SupervisorStarter& otherwise_;
    std::string program_;
    std::unique_ptr<sdbus::IProxy> bus_;
    std::unique_ptr<sdbus::IProxy> systemd_;
};

} // namespace nsd::bus
