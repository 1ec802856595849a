// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <string>

namespace nsd {

// The runtime directory (/run/nsd) with its lock, its two mounts and the directories of the pins.
// Owns the lock: as long as this lives, no other daemon starts on the same directory. The mounts are
// left as they are: they hold the pins, which outlive the daemon.
class RuntimeDirectory {
  public:
    // Locks it and makes of it what is not yet there; each step is done only where a predecessor was
    // killed before it. Throws Error, {Busy} where another daemon holds the lock.
    explicit RuntimeDirectory(std::string path);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    // The tmpfs of the pins (PATH/ns), in which .stage, .trash and .quarantine are there.
    [[nodiscard]] const UniqueFd& namespaces() const noexcept { return namespaces_; }

    // PATH/process: the files of the commands that Exec started.
    [[nodiscard]] const UniqueFd& processes() const noexcept { return processes_; }

  private:
    std::string path_;
    UniqueFd lock_;
    UniqueFd namespaces_;
    UniqueFd processes_;
};

} // namespace nsd
