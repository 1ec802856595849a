// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/socket/socket_address.hpp"

#include "client/cli/arguments.hpp"
#include "common/quote.hpp"

#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <net/if.h>
#include <netinet/in.h>

namespace nsd::client {
namespace {

struct Protocol {
    std::string_view word;
    int family;
    int type;
};
constexpr std::array protocols{
    Protocol{"tcp", AF_INET, SOCK_STREAM},
    Protocol{"udp", AF_INET, SOCK_DGRAM},
    Protocol{"tcp6", AF_INET6, SOCK_STREAM},
    Protocol{"udp6", AF_INET6, SOCK_DGRAM},
};

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw UsageError(quoted(text) + " " + why);
}

const Protocol& protocolOf(std::string_view word, std::string_view text) {
    for (const auto& protocol : protocols)
        if (protocol.word == word)
            return protocol;
    refuse(text, "does not begin with tcp, udp, tcp6 or udp6");
}

in_port_t portOf(std::string_view word, std::string_view text) {
    std::uint16_t port = 0;
    const auto* end = word.data() + word.size();
    const auto [at, problem] = std::from_chars(word.data(), end, port);
    if (problem != std::errc() || at != end)
        refuse(text, "has no port from 0 to 65535 at its end (0: the kernel chooses)");
    return htons(port);
}

template <class Address>
SocketAddress::Local localOf(const Address& address) {
    SocketAddress::Local local;
    std::memcpy(&local.address, &address, sizeof address);
    local.length = sizeof address;
    return local;
}

SocketAddress::Local parse4(std::string_view host, in_port_t port, std::string_view text) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = port;
    if (::inet_pton(AF_INET, std::string(host).c_str(), &address.sin_addr) != 1)
        refuse(text, "has no IPv4 address: such as tcp:0.0.0.0:8080 (for IPv6: tcp6:[::]:8080)");
    return localOf(address);
}

SocketAddress::Local parse6(std::string_view host, in_port_t port, std::string_view text) {
    if (host.size() < 2 || host.front() != '[' || host.back() != ']')
        refuse(text, "has no IPv6 address in brackets: such as tcp6:[::]:8080");
    host = host.substr(1, host.size() - 2);
    const auto percent = host.find('%');
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = port;
    if (::inet_pton(AF_INET6, std::string(host.substr(0, percent)).c_str(), &address.sin6_addr) != 1)
        refuse(text, "has no IPv6 address in brackets: such as tcp6:[::]:8080");
    auto local = localOf(address);
    if (percent == std::string_view::npos)
        return local;
    local.zone = host.substr(percent + 1);
    if (local.zone.empty() || local.zone.size() >= IFNAMSIZ)
        refuse(text, "has no name of a link behind '%'");
    return local;
}

} // namespace

SocketAddress parseSocketAddress(std::string_view text) {
    const auto colon = text.find(':');
    const auto& protocol = protocolOf(text.substr(0, colon), text);
    SocketAddress parsed{protocol.family, protocol.type};
    if (colon == std::string_view::npos)
        return parsed;
    const auto rest = text.substr(colon + 1);
    const auto last = rest.rfind(':');
    if (last == std::string_view::npos)
        refuse(text, protocol.family == AF_INET ? "is not PROTOCOL:ADDRESS:PORT, such as tcp:0.0.0.0:8080"
                                                : "is not PROTOCOL:[ADDRESS]:PORT, such as tcp6:[::]:8080");
    const auto port = portOf(rest.substr(last + 1), text);
    const auto host = rest.substr(0, last);
    parsed.local = protocol.family == AF_INET ? parse4(host, port, text) : parse6(host, port, text);
    return parsed;
}

} // namespace nsd::client
