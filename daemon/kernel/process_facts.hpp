// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/nsfs.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace nsd {

// What /proc says of one process. A pid may be reused between two questions: whoever asks holds a
// pidfd and sees that the process lived through all of them.

// A whole small file of /proc; empty if it cannot be read.
[[nodiscard]] std::string readProcFile(const std::string& path);
// The name of the program that a process runs, without its directory; also where the file has been replaced
// since. Empty if it is not to be seen.
[[nodiscard]] std::string programOfProcess(pid_t pid);
// When it started (common/proc_stat); 0 where it is gone.
[[nodiscard]] std::uint64_t startTimeOf(pid_t pid);
// The value behind "Field:" in the text of /proc/PID/status or /proc/PID/fdinfo/N.
[[nodiscard]] std::optional<std::string_view> procField(std::string_view text, std::string_view field);
// The namespace behind /proc/PID/ns/FILE, without its never-reused id: only an open descriptor tells
// that. Empty where it is not to be seen.
[[nodiscard]] std::optional<NamespaceIdentity> namespaceOfProcess(pid_t pid, NamespaceType type);
// Whether the process is process 1 of the pid namespace that it is in.
[[nodiscard]] bool isInitOf(pid_t pid, const NamespaceIdentity& pidNamespace);

// Throws Error where there is no such process.
[[nodiscard]] int openPidfd(pid_t pid);
// Whether the process behind a pidfd has not yet exited; a zombie has.
[[nodiscard]] bool isAlive(int pidfd);

} // namespace nsd
