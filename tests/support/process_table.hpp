// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

// One row of /proc; see proc_pid_stat(5). Pid and start time together are never reused.
struct Process {
    pid_t pid = 0;
    pid_t parent = 0;
    char state = '?';
    std::uint64_t startTime = 0;
    std::string comm;
};

// The process table, as of now.
[[nodiscard]] std::vector<Process> allProcesses();
// Children, their children and so on; without `ancestor` itself.
[[nodiscard]] std::vector<Process> descendantsOf(pid_t ancestor);
// "nsd-init --hold", or empty once it is dead.
[[nodiscard]] std::string commandLine(pid_t pid);
// What each descriptor of a process leads to: "/run/x", "socket", "anon_inode:[eventpoll]".
[[nodiscard]] std::multiset<std::string> descriptorsOf(pid_t pid);
// Whether the process of this pidfd has, reaped or not.
[[nodiscard]] bool hasEnded(int pidfd) noexcept;

// Orphans below this process come home to it instead of to process 1, so that nothing that a test
// starts can get out of its sight.
void adoptOrphans();
// Reaps the orphans that have come home and ended, as process 1 does all the time: until then a pid
// namespace is not dead. Everything here that waits calls it.
void reapOrphans();

} // namespace nsd::test
