// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/forward_spec.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <vector>

namespace nsd {
namespace {

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw Error(Errc::InvalidArgument, quoted(text) + " " + why);
}

constexpr auto form = "is not tcp:ADDRESS:PORT:[ADDRESS:]PORT, such as tcp:127.0.0.1:8080:80";

// Colons within brackets separate nothing.
std::vector<std::string> partsOf(std::string_view text) {
    std::vector<std::string> parts(1);
    bool inBrackets = false;
    for (const char c : text) {
        inBrackets = c == '[' || (inBrackets && c != ']');
        if (c == ':' && !inBrackets)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

std::uint16_t portOf(const std::string& word, std::string_view text) {
    std::uint16_t port = 0;
    const auto* end = word.data() + word.size();
    const auto [at, problem] = std::from_chars(word.data(), end, port);
    if (problem != std::errc() || at != end)
        refuse(text, "has " + quoted(word) + " where a port from 0 to 65535 should be");
    return port;
}

template <class Address>
Endpoint endpointOf(const Address& address) {
    Endpoint endpoint;
    std::memcpy(&endpoint.address, &address, sizeof address);
    endpoint.length = sizeof address;
    return endpoint;
}

Endpoint parseEndpoint(const std::string& host, std::uint16_t port, std::string_view text) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1)
        return endpointOf(v4);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']' &&
        ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6.sin6_addr) == 1)
        return endpointOf(v6);
    refuse(text, "has " + quoted(host) + " where an address should be, such as 127.0.0.1 or [::1]");
}

} // namespace

std::string textOf(const Endpoint& endpoint) {
    std::array<char, INET6_ADDRSTRLEN> host{};
    if (endpoint.family() == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(endpoint.address);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, host.data(), host.size());
        return "[" + std::string(host.data()) + "]:" + std::to_string(ntohs(v6.sin6_port));
    }
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(endpoint.address);
    ::inet_ntop(AF_INET, &v4.sin_addr, host.data(), host.size());
    return std::string(host.data()) + ":" + std::to_string(ntohs(v4.sin_port));
}

Forward parseForward(std::string_view text) {
    const auto parts = partsOf(text);
    if (parts.front() == "udp")
        refuse(text, "is for UDP, which is not forwarded: only tcp is");
    constexpr std::size_t without = 4; // an address inside
    constexpr std::size_t with = 5;
    if (parts.front() != "tcp" || (parts.size() != without && parts.size() != with))
        refuse(text, form);
    Forward forward{parseEndpoint(parts[1], portOf(parts[2], text), text), {}};
    const std::string loopback = forward.outside.family() == AF_INET6 ? "[::1]" : "127.0.0.1";
    const auto port = portOf(parts.back(), text);
    if (port == 0)
        refuse(text, "leads to port 0");
    forward.inside = parseEndpoint(parts.size() == with ? parts[3] : loopback, port, text);
    return forward;
}

} // namespace nsd
