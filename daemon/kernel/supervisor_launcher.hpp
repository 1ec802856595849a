// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/operation.hpp"
#include "daemon/core/process_launcher.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace nsd {

// Launches commands: has a supervisor started (nsd-worker --supervise), gives it the one request over
// its socket, and hears whether the command runs. One that says nothing within the deadline is killed.
class SupervisorLauncher final : public ProcessLauncher {
  public:
    struct Options {
        std::string runtimeDirectory;
        std::chrono::microseconds deadline{10'000'000};
    };
    SupervisorLauncher(Loop& loop, SupervisorStarter& starter, Options options)
        : loop_(loop), starter_(starter), options_(std::move(options)) {}

    void launch(Launch launch, Completion<LaunchedProcess> done) override;
    [[nodiscard]] UniqueFd find(const KnownProcess& process) override;
    void signal(int pidfd, int number) override;

  private:
    class Launching;

    Loop& loop_;
    SupervisorStarter& starter_;
    Options options_;
    Operations launches_;
};

} // namespace nsd
