// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/process_launcher.hpp"

#include <utility>

namespace nsd {

// Starts a helper as a process of nsd's own, in a session of its own: where no service manager does it
// better.
class SupervisorSpawner final : public SupervisorStarter {
  public:
    SupervisorSpawner(Loop& loop, HelperCommand command) : loop_(loop), command_(std::move(command)) {}

    void start(SupervisorStart start, Completion<Done> done) override;

  private:
    Loop& loop_;
    HelperCommand command_;
};

} // namespace nsd
