// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "common/unique_fd.hpp"

#include <functional>
#include <string>
#include <sys/types.h>

namespace nsd {

// The sleeping process (nsd-init --hold) that keeps the control groups of namespaces alive over every
// restart of the daemon. Neither dies with the other: a daemon that starts adopts the holder it finds.
class KeepHolder {
  public:
    // `ended` is called when the holder was ended or died.
    KeepHolder(Loop& loop, Log& log, std::string program, std::function<void()> ended);

    // Takes over the holder that lives in the group, if there is one.
    void adopt(int group);
    // Starts one in the group unless there is one. Throws Error.
    void start(int group);
    void end();
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

  private:
    void watch(pid_t pid, UniqueFd pidfd);

    Loop& loop_;
    Log& log_;
    std::string program_;
    std::function<void()> ended_;
    pid_t pid_ = 0; // 0: none, or it has been told to end
    UniqueFd pidfd_;
    Loop::SourcePtr death_;
};

} // namespace nsd
