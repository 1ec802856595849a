// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd {

// A program of nsd's own to start. It gets `input`, our stdout and our stderr as 0, 1 and 2, `fds` from 3
// on and no other, every signal at its default and none blocked.
struct Program {
    std::string path;
    std::vector<std::string> arguments; // behind argv[0]
    std::vector<int> fds;               // stay the caller's
    bool diesWithUs = true;             // PR_SET_PDEATHSIG SIGKILL; else a session of its own
    int controlGroup = -1;              // its cgroup.procs, open for writing; -1: ours
    int input = -1;                     // stays the caller's; -1: /dev/null
};

struct SpawnedProcess {
    pid_t pid = 0;
    UniqueFd pidfd;
};

// Starts it and returns once it runs. Throws Error where that did not work, with the errno of fork(2)
// or execve(2). The child is the caller's to reap (the loop does).
[[nodiscard]] SpawnedProcess spawn(const Program& program);

} // namespace nsd
