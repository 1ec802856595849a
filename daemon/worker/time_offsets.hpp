// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_spec.hpp"
#include "daemon/worker/proc_fs.hpp"

#include <sys/types.h>

namespace nsd::worker {

[[nodiscard]] bool hasTimeOffsets(const NamespaceSpec& spec) noexcept;

// Sets the clocks of the time namespace that the process has just made, before anybody enters it:
// the first to enter freezes them. Needs CAP_SYS_TIME over the namespace's owner. Throws
// InvalidArgument for an offset that would put a clock before 0 or beyond its range.
void writeTimeOffsets(const ProcFs& proc, pid_t pid, const NamespaceSpec& spec);

} // namespace nsd::worker
