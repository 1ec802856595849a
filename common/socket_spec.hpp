// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace nsd {

// The three arguments of socket(2), as numbers of the kernel's. What of them nsd makes is decided in
// daemon/core/socket_rules.
struct SocketSpec {
    int family = 0;
    int type = 0; // with SOCK_CLOEXEC, SOCK_NONBLOCK
    int protocol = 0;
    friend bool operator==(const SocketSpec&, const SocketSpec&) = default;
};

} // namespace nsd
