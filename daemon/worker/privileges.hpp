// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

// What a process of nsd's gives up of itself before it is in somebody else's namespaces. All throw Error.
namespace nsd::worker {

// Nobody with privileges inside can trace this process. A change of credentials may take it back.
void makeUndumpable();
// No capability in any set that execve(2) takes one from.
void dropCapabilities();
// No setuid program and no file's capabilities give any back.
void giveUpNewPrivileges();

} // namespace nsd::worker
