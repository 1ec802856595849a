// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace nsd {

// Where the daemon finds itself, as far as it matters to whether it can work.
struct HostFacts {
    uid_t euid = 0;
    bool startedBySystemd = false; // SYSTEMD_EXEC_PID is our pid
    bool inContainer = false;
    std::uint64_t ownMountNamespace = 0;
    std::optional<std::uint64_t> mountNamespaceOfProcess1; // empty: may not be read
    std::string whyUnreadable;
    std::string ownControlGroups; // text of /proc/self/cgroup
};

[[nodiscard]] HostFacts readHostFacts();

// Refuses to start where pins would be of no use: throws Error with the reason and what to do. Warns
// where that cannot be told for sure.
void checkHost(const HostFacts& facts, Log& log);

} // namespace nsd
