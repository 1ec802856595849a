// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/nsfs.hpp"
#include "daemon/worker/proc_fs.hpp"

#include <sys/types.h>

namespace nsd::worker {

// Process 1 of a pid namespace, by looking at every process, for kernels that cannot be asked
// (NS_GET_PID_FROM_PIDNS, 6.11). 0: there is none to be seen.
[[nodiscard]] pid_t searchInit(const ProcFs& proc, const NamespaceIdentity& pidNamespace);

} // namespace nsd::worker
