// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

// The base mount namespace, from which everything is made: the host's mounts as a slave, without the
// pins. A mount namespace made straight from the host's would copy every pin: slow (12 ms at 10 000
// pins against 32 µs), and each copy keeps a namespace alive for a while.
namespace nsd::worker {

// Makes it for the first worker: `runtimeDirectory` and what is mounted below is detached here.
void makeBaseMountNamespace(const std::string& runtimeDirectory);

// Enters the one that another worker made. `mountNamespace` is closed.
void joinBaseMountNamespace(int mountNamespace);

} // namespace nsd::worker
