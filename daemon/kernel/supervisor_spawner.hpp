// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/process_launcher.hpp"

#include <string>
#include <utility>

namespace nsd {

// Starts supervisors as processes of nsd's own, in sessions of their own: where no service manager
// does it better.
class SupervisorSpawner final : public SupervisorStarter {
  public:
    SupervisorSpawner(Loop& loop, std::string program) : loop_(loop), program_(std::move(program)) {}

    void start(SupervisorStart start, Completion<Done> done) override;

  private:
    Loop& loop_;
    std::string program_; // nsd-worker
};

} // namespace nsd
