// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/run/run_request.hpp"

#include <sys/types.h>

// Who is who in a fresh user namespace (user_namespaces(7), "Defining user and group ID mappings").
namespace nsd::client {

// The kernel lets the process inside map its own ids alone; other ids are mapped from outside.
[[nodiscard]] bool mapsNeedHelper(const RunRequest& request) noexcept;

// Inside, where no helper is needed; `uid` and `gid` are the caller's, outside. Writes "deny" to setgroups.
// Throws Error{KernelError}.
void writeOwnMaps(const RunRequest& request, uid_t uid, gid_t gid);

// Outside, for a process in its fresh user namespace. Root writes any ids; who is not root has newuidmap(1)
// and newgidmap(1) write those that are his by /etc/subuid and /etc/subgid. Throws Error.
void writeUserMaps(const RunRequest& request, pid_t process);

} // namespace nsd::client
