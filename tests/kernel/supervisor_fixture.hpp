// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/process_files.hpp"
#include "daemon/kernel/supervisor_launcher.hpp"
#include "daemon/kernel/supervisor_spawner.hpp"
#include "tests/kernel/kernel_fixture.hpp"
#include "tests/kernel/worker_process.hpp"
#include "tests/support/require.hpp"

#include <cstdint>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nsd::test {

// Commands under the real supervisor, launched as the daemon does, in namespaces that a real worker made.
// None outlives its test.
class SupervisorTest : public testing::Test {
  protected:
    void SetUp() override;
    void TearDown() override;

    // A command in these namespaces; without any, beside the test.
    [[nodiscard]] static Launch launchOf(const std::vector<std::string>& argv);
    [[nodiscard]] static Launch launchOf(
        const MadeByWorker& made, NamespaceTypes types, const std::vector<std::string>& argv);
    // With the next number and its file.
    [[nodiscard]] Launch numbered(Launch launch);
    // Throws the launch's Error.
    [[nodiscard]] LaunchedProcess start(Launch launch) { return startNumbered(numbered(std::move(launch))); }
    [[nodiscard]] LaunchedProcess startNumbered(Launch launch);
    // The code, or "none", and the text of the Error.
    [[nodiscard]] Error errorOf(Launch launch);
    // What the command says on stdout and stderr until both are closed.
    [[nodiscard]] std::string outputOf(Launch launch);
    // Until the supervisor has ended; how the command did.
    [[nodiscard]] std::optional<ProcessEnd> endOf(const LaunchedProcess& process);
    void forgetLauncher() { launcher_.reset(); }

    TempDir directory_;
    TurnedLoop loop_;
    std::unique_ptr<SupervisorSpawner> spawner_;
    std::unique_ptr<SupervisorLauncher> launcher_;
    std::unique_ptr<ProcessFiles> files_;
    std::unique_ptr<WorkerProcess> worker_;
    std::uint64_t lastNumber_ = 0;
    std::chrono::microseconds deadline_{10'000'000};
};

} // namespace nsd::test
