// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace nsd::client {

// What `nsctl socket` is asked for: "tcp", "udp6", "tcp:0.0.0.0:8080", "tcp6:[fe80::1%eth0]:0".
struct SocketAddress {
    struct Local {
        sockaddr_storage address{};
        socklen_t length = 0;
        std::string zone{}; // a link inside, for a link-local address; empty: none
    };
    int family = AF_INET;
    int type = SOCK_STREAM;
    std::optional<Local> local{}; // where to bind it; empty: not at all
};

// Throws UsageError that says what is wrong, with an example.
[[nodiscard]] SocketAddress parseSocketAddress(std::string_view text);

} // namespace nsd::client
