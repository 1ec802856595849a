// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <sys/types.h>
#include <utility>

namespace nsd {

// Reaps every child of the process and tells who asked. Owned by EventLoop, which calls reapAll() at
// each SIGCHLD; a Watch may outlive it.
class ChildReaper {
  public:
    struct Watch {
        pid_t child;
        std::function<void(int status)> exited;
        bool active = true; // cleared by whoever no longer wants to know
    };
    using WatchPtr = std::shared_ptr<Watch>;
    // What runs a watch's handler: the loop's guard against exceptions.
    using Tell = std::function<void(const WatchPtr& watch, int status)>;

    // True: the child is alive or not yet reaped, and the watch is told later. False: it was reaped
    // before, and `status` is what it ended with. Throws Error{KernelError} where the process is no
    // child, or one whose end was forgotten.
    [[nodiscard]] bool add(const WatchPtr& watch, int& status);
    void reapAll(const Tell& tell);

  private:
    void remember(pid_t child, int status);

    std::multimap<pid_t, std::weak_ptr<Watch>> watches_;
    std::deque<std::pair<pid_t, int>> reaped_; // nobody asked for them yet; the newest last
};

} // namespace nsd
