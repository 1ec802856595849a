// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <csignal>

namespace nsd::init {

// How the maker hands the two pipes over.
constexpr int leashFd = 3; // read end; see InitProcess
constexpr int readyFd = 4; // write end: one byte once SIGTERM is heard

// Process 1 of a pid namespace. It lives outside of the daemon's kill path and holds nothing: no
// descriptors, no directory but /, no namespaces but its own pid (and user).
//   leash    end of file before a byte: whoever made it died before the commit, it ends itself; one
//            byte: it is wanted and stays
//   SIGTERM  from outside of the namespace: it ends, and the kernel ends all members with it
//   SIGUSR1  from outside: it ends as soon as nothing else lives in the namespace
// Signals from inside do nothing: a member must not be able to end its namespace.
class InitProcess {
  public:
    // Returns the exit status when the namespace is to end.
    [[nodiscard]] int run();

  private:
    // Until the leash is cut one way or the other. False: it is to end.
    [[nodiscard]] bool waitOnLeash();
    // Takes one signal that is pending, or waits for one as long as `patience` (null: for ever).
    void takeSignal(const timespec* patience);
    void handle(const siginfo_t& info);
    [[nodiscard]] bool isOver() const;

    sigset_t signals_{};
    bool terminated_ = false;
    bool lingering_ = false;
};

// Moves this process from a unit's control group into the leaf "hold" of it: a group with processes of its
// own may not give controllers to those below (cgroups(7)), and systemd 252 of Debian 12 has no
// DelegateSubgroup=. Null, or the step that failed, with errno.
[[nodiscard]] const char* moveIntoLeaf();

// The sleeping main process of nsd-keep: holds its control group, and ends at SIGTERM.
[[noreturn]] void hold();

} // namespace nsd::init
