// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/worker/proc_fs.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

// Processes as /proc shows them. Each may be gone at any moment: then there is no answer.
namespace nsd::worker {

struct ProcessInfo {
    std::string comm;
    bool dead = false; // a zombie: it holds no namespace, whatever its links still say
    bool threaded = false;
};

[[nodiscard]] std::vector<pid_t> listProcesses(const ProcFs& proc);
// The directories of its threads, relative to /proc: "17/task/18".
[[nodiscard]] std::vector<std::string> listThreads(const ProcFs& proc, pid_t pid);
[[nodiscard]] std::optional<ProcessInfo> processInfo(const ProcFs& proc, pid_t pid);
// When it started (common/proc_stat); 0 where it is gone.
[[nodiscard]] std::uint64_t startTimeOf(const ProcFs& proc, pid_t pid);
// The value of a line of /proc/PID/status ("Uid"), without the spaces around it.
[[nodiscard]] std::optional<std::string> statusLine(const ProcFs& proc, pid_t pid, const std::string& key);
// 4294967295 where the process is gone.
[[nodiscard]] std::uint32_t effectiveUid(const ProcFs& proc, pid_t pid);

// The names in a directory that are numbers.
[[nodiscard]] std::vector<int> listNumbers(const ProcFs& proc, const std::string& directory);

} // namespace nsd::worker
