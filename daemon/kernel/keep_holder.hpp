// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "common/unique_fd.hpp"

#include <string>
#include <sys/types.h>

namespace nsd {

// The sleeping process (nsd-init --hold) that keeps the control groups of namespaces alive over every
// restart of the daemon. Neither dies with the other: a daemon that starts adopts the holder it finds.
// `group` is everywhere the open directory of the control group that it lives in.
class KeepHolder {
  public:
    KeepHolder(Loop& loop, std::string program);

    // Takes over a holder that lives in the group, if there is one.
    void adopt(int group);
    // Starts one in the group unless there is one. Throws Error.
    void start(int group);
    // Kills every holder in the group, and nothing else there. They are gone some time later. Throws Error.
    void end(int group);
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

  private:
    void watch(pid_t pid, UniqueFd pidfd);

    Loop& loop_;
    std::string program_;
    pid_t pid_ = 0; // 0: none, or it has been told to end
    UniqueFd pidfd_;
    Loop::SourcePtr death_;
};

} // namespace nsd
