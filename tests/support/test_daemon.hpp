// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/command.hpp"
#include "tests/support/leak_oracle.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

// The real nsd of this build, driven by production inputs alone: its options, the three *_DIRECTORY
// variables, DBUS_SYSTEM_BUS_ADDRESS and nsd.json. All that it keeps lies in a directory of its own,
// which goes with this, and with it everything that nsd left behind on purpose.
class TestDaemon {
  public:
    struct Options {
        std::string systemBus; // address; empty: --bus=private
        std::string settings;  // text of nsd.json; empty: no such file
        Arguments wrapper;     // stands before nsd: {"prlimit", "--nofile=64"}
        Environment environment;
    };
    TestDaemon() : TestDaemon(Options()) {}
    explicit TestDaemon(Options options);
    ~TestDaemon();
    TestDaemon(const TestDaemon&) = delete;
    TestDaemon& operator=(const TestDaemon&) = delete;

    // Returns when nsd says READY=1; throws with nsd's log where it ends before, or says nothing.
    void start();
    // SIGTERM, and the exit status.
    int terminate();
    void kill9();
    void restart();
    // The exit status, if nsd ends by itself within the time.
    [[nodiscard]] std::optional<int> waitForExit(std::chrono::milliseconds timeout);

    [[nodiscard]] pid_t pid() const { return process_->pid(); }
    [[nodiscard]] std::vector<pid_t> workers() const;
    // Processes 1 of pid namespaces, without the keep holder.
    [[nodiscard]] std::vector<pid_t> inits() const;
    // For LeakOracle: nsd's descriptors without those that each worker costs it, and the most that any
    // worker has of each.
    [[nodiscard]] LeakOracle::Holdings holdings() const;

    [[nodiscard]] std::filesystem::path runtimeDirectory() const { return directory_ / "run"; }
    [[nodiscard]] std::filesystem::path pin(const std::string& name, const std::string& type) const;
    // The name of the control group that those of this daemon are below, and its path.
    [[nodiscard]] std::string keepSubtree() const;
    [[nodiscard]] std::filesystem::path controlGroup() const;
    [[nodiscard]] std::string busAddress() const;
    [[nodiscard]] std::string log() const;
    [[nodiscard]] const TempDir& directory() const noexcept { return directory_; }
    [[nodiscard]] CommandOptions daemonEnvironment() const;
    [[nodiscard]] static std::filesystem::path binary(const std::string& program);

    // nsctl on this daemon's bus.
    [[nodiscard]] CommandResult nsctl(const Arguments& arguments, CommandOptions options = {}) const;
    // The same for what must work; answers what it printed.
    std::string mustNsctl(const Arguments& arguments, CommandOptions options = {}) const;

  private:
    void killCommands() const;
    void removeRemains() noexcept;

    Options options_;
    TempDir directory_;
    std::unique_ptr<BackgroundProcess> process_;
};

// The inode of a pin or of a link below /proc/PID/ns: which namespace it is, while it lives.
[[nodiscard]] std::uint64_t inodeOf(const std::filesystem::path& namespaceFile);

} // namespace nsd::test
