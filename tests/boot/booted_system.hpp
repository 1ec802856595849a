// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/command.hpp"
#include "tests/support/temp_dir.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

// A Debian that its own systemd has booted in a container (systemd-nspawn) with a network of its own
// without links. It writes to memory: the image that it is made from stays as it is. Whatever it is
// doing, it ends when this goes.
class BootedSystem {
  public:
    // `root`: the system, as scripts/boot-image makes it. `shown`: files and directories of the host that
    // can be read inside at the same place. Throws with what the console said where it does not boot.
    explicit BootedSystem(std::filesystem::path root, const std::vector<std::string>& shown = {});
    ~BootedSystem();
    BootedSystem(const BootedSystem&) = delete;
    BootedSystem& operator=(const BootedSystem&) = delete;

    // Runs a program inside as root, or as a user with his own groups.
    [[nodiscard]] CommandResult run(const Arguments& argv, const CommandOptions& options = {}) const;
    [[nodiscard]] CommandResult runAs(const std::string& user, const Arguments& argv) const;
    // What must work: throws with what it said where it does not exit with 0; answers stdout without its
    // last newline.
    std::string mustRun(const Arguments& argv) const;
    std::string shell(const std::string& script) const;

    void writeFile(const std::string& path, std::string_view text) const;
    void copyIn(const std::filesystem::path& from, const std::string& to) const;

    // Returns when it is up again, with all units that it starts started.
    void reboot();
    // Returns when it is off, with how long it took.
    std::chrono::milliseconds powerOff();

    [[nodiscard]] std::string failedUnits() const;
    // What its systemd has said so far.
    [[nodiscard]] std::string console() const;

  private:
    [[nodiscard]] Arguments inside(const Arguments& argv) const;
    // The system's PID 1 as the host sees it; 0: there is none now.
    [[nodiscard]] pid_t leader() const;
    void waitUntilUp(pid_t notThisLeader);

    std::filesystem::path root_;
    TempDir directory_;
    TempDir console_;
    std::unique_ptr<BackgroundProcess> container_;
};

} // namespace nsd::test
