// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <sys/socket.h>

namespace nsd {

// An address and a port of TCP.
struct Endpoint {
    sockaddr_storage address{};
    socklen_t length = 0;

    [[nodiscard]] int family() const noexcept { return address.ss_family; }
    [[nodiscard]] const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&address); }
};

// "127.0.0.1:80", "[::1]:80".
[[nodiscard]] std::string textOf(const Endpoint& endpoint);

// Where connections come in on the host, and where they are led to in the namespace.
struct Forward {
    Endpoint outside;
    Endpoint inside;
};

// "tcp:ADDRESS:PORT:[ADDRESS:]PORT", IPv6 addresses in brackets; the second address is the loopback of the
// first one's family if it is not given. Port 0 outside: the kernel chooses. Throws Error{InvalidArgument}
// that says what is wrong, with an example.
[[nodiscard]] Forward parseForward(std::string_view text);

} // namespace nsd
