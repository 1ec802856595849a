// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/command.hpp"
#include "tests/support/temp_dir.hpp"

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

// The n-th time that a process makes this system call, counted from the moment it is watched.
struct KillPoint {
    std::string call;
    unsigned n = 0;
    friend auto operator<=>(const KillPoint&, const KillPoint&) = default;
};

// strace(1) on a running process: writes down its system calls, or kills it with SIGKILL as it is
// about to make one of them.
class SyscallKiller {
  public:
    // Returns when the process is watched.
    explicit SyscallKiller(pid_t process, const std::optional<KillPoint>& killAt = std::nullopt);
    // Lets the process go and answers every call that it began meanwhile, in order.
    [[nodiscard]] std::vector<KillPoint> finish();

  private:
    TempDir directory_;
    std::unique_ptr<BackgroundProcess> strace_;
};

} // namespace nsd::test
