// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_spec.hpp"
#include "daemon/worker/proc_fs.hpp"

#include <map>
#include <string>
#include <sys/types.h>

namespace nsd::worker {

// Writes the settings into the net and ipc namespaces that the process has just made; a child of the
// worker enters them for this. Throws InvalidArgument for a setting that the kernel does not have, a
// value that it does not take, and a setting of a type that is not among `types`, which would be the
// host's.
void applySysctls(
    const ProcFs& proc, pid_t pid, NamespaceTypes types, const std::map<std::string, std::string>& sysctls);

} // namespace nsd::worker
