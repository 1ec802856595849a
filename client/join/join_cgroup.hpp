// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd::client {

// Moves this process into the control group ("/nsd-keep/…", below the mount of cgroup2): the root of
// a cgroup namespace is a place in that tree, and a process that stayed elsewhere would see its own
// cgroup as "/../…". Throws Error that names the file.
void joinControlGroup(const std::string& controlGroup);

} // namespace nsd::client
