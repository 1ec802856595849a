// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nsd::client {

// What has gone through the links of a network namespace but lo, and how many sockets it has.
struct NetCounters {
    std::uint64_t received = 0; // bytes
    std::uint64_t sent = 0;
    std::uint64_t sockets = 0;
    friend bool operator==(const NetCounters&, const NetCounters&) = default;
};

// From the texts of /proc/net/dev and /proc/net/sockstat (proc_pid_net(5)).
[[nodiscard]] NetCounters netCountersIn(std::string_view dev, std::string_view sockstat);

// Of the namespace whose pin lies at this path, if it is that of this inode. Goes there and back with this
// thread, which takes CAP_SYS_ADMIN; empty where it cannot.
[[nodiscard]] std::optional<NetCounters> netCountersOf(const std::string& pin, std::uint64_t inode);

} // namespace nsd::client
