// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd {

// The cgroup2 file system by descriptor, found through mountinfo: on hybrid machines it is not at
// /sys/fs/cgroup. Empty where there is none, or none that can be written to.
[[nodiscard]] std::optional<UniqueFd> openControlGroupRoot();

// Makes the group unless it is there, and opens it. Throws Error.
[[nodiscard]] UniqueFd makeControlGroup(int parent, const std::string& name);
// Removes a group and all groups below it, unless a process is in one of them: then false. True, too,
// where there is none of this name. Throws Error.
[[nodiscard]] bool removeControlGroup(int parent, const std::string& name);
[[nodiscard]] std::vector<std::string> childGroups(int group);
[[nodiscard]] bool hasChildGroups(int group);
// Processes in the group itself, as far as they are to be seen from our pid namespace.
[[nodiscard]] std::vector<pid_t> processesInGroup(int group);
// Whether the text of cgroup.events says that a process is in the group or below it.
[[nodiscard]] bool isPopulated(int eventsFile);
// A file of the group: "cgroup.events". Throws Error.
[[nodiscard]] UniqueFd openGroupFile(int group, const std::string& name, int flags);

} // namespace nsd
