// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/user_ids.hpp"

// What a process of nsd's gives up of itself before it is in somebody else's namespaces. All throw Error.
namespace nsd::worker {

// Takes on these effective and file system ids, and the groups. The real and the saved ids stay the daemon's:
// signals and ptrace are allowed by those, so that nobody outside can stop this process or take it over. (A
// real uid of the caller's would also have the kernel count descriptors in flight against his limit.) It is
// undumpable then; capabilities stay.
void actAs(const UserIds& ids);
// Nobody with privileges inside can trace this process. A change of credentials may take it back.
void makeUndumpable();
// No capability in any set that execve(2) takes one from.
void dropCapabilities();
// No setuid program and no file's capabilities give any back.
void giveUpNewPrivileges();

} // namespace nsd::worker
