// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/kernel/linux_kernel.hpp"
#include "daemon/kernel/runtime_directory.hpp"
#include "daemon/kernel/spawn.hpp"
#include "tests/kernel/kernel_fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace nsd::test {

// A program that runs beside the test. (BackgroundProcess waits for its child itself, and the loop reaps
// all of them.)
class Bystander {
  public:
    explicit Bystander(const std::string& shellCommand);
    ~Bystander() { kill(); }
    Bystander(const Bystander&) = delete;
    Bystander& operator=(const Bystander&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return process_.pid; }
    void kill() const noexcept;

  private:
    SpawnedProcess process_;
};

// The kernel port over the real nsd-worker and nsd-init, in a runtime directory of its own. After each
// test nothing may be left: no worker, no control group, no mount, no descriptor.
class LinuxKernelTest : public testing::Test {
  protected:
    void SetUp() override;
    void TearDown() override;

    // As the daemon after a crash: all that it had in memory is gone.
    void restart();
    [[nodiscard]] LinuxKernel& kernel() { return *kernel_; }
    [[nodiscard]] int pins() const { return directory_->namespaces().get(); }

    [[nodiscard]] MadeNamespaces make(const NamespaceSpec& spec, const Uuid& uuid = Uuid::random());
    [[nodiscard]] MadeNamespaces make(NamespaceTypes types);
    [[nodiscard]] std::map<NamespaceType, Released> retire(
        std::map<NamespaceType, UniqueFd> fds, std::chrono::microseconds patience = std::chrono::seconds(5));
    [[nodiscard]] static std::vector<pid_t> workers();
    // A shell that sleeps; it runs when this returns. `prefix`: "nsenter --uts=/…".
    [[nodiscard]] std::unique_ptr<Bystander> startShell(const std::string& prefix);
    // /proc/PID/fd/N of the test.
    [[nodiscard]] static std::string pathOf(const UniqueFd& fd);
    // Its init, its namespaces, its control group.
    void end(MadeNamespaces made);

    // The directory of the keep subtree, whether it exists or not.
    [[nodiscard]] std::string keepDirectory() const;
    void expectReleased(const std::map<NamespaceType, Released>& released, NamespaceTypes types) const;

    TempDir parent_;
    TurnedLoop loop_;
    KernelOptions options_;
    std::optional<RuntimeDirectory> directory_;
    std::unique_ptr<LinuxKernel> kernel_;

  private:
    std::size_t descriptors_ = 0;
};

// Whether the kernel has nsfs file handles (6.18), and so can be asked about every type.
[[nodiscard]] bool kernelTellsOfDeath();

} // namespace nsd::test
