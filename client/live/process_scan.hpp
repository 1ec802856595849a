// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_type.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::client {

// A process as /proc shows it.
struct SeenProcess {
    pid_t pid = 0;
    pid_t parent = 0;
    uid_t user = 0;
    std::string comm;
    std::uint64_t memory = 0;                    // resident, bytes
    std::map<NamespaceType, std::uint64_t> in{}; // inodes of its namespaces
};

// Those whose namespaces the caller may see (ptrace(2)): all for root, else his own. By pid. `proc` is
// /proc, or a test's. Throws Error where that cannot be read; a process that ends meanwhile is left out.
[[nodiscard]] std::vector<SeenProcess> seenProcesses(const std::string& proc);

// Inodes by the words of types, as the property Inodes has them: the types in which the process lives there.
[[nodiscard]] std::vector<std::string> sharedTypes(
    const SeenProcess& process, const std::map<std::string, std::uint64_t>& inodes);

} // namespace nsd::client
