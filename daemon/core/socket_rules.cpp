// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/socket_rules.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <array>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

namespace nsd {
namespace {

constexpr int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;

// A netlink socket that root has opened answers with the whole configuration, a packet socket hears
// what is others', and each family more is kernel code more: what is not here is not made.
constexpr std::array families{AF_INET, AF_INET6};

struct Kind {
    int type;
    int protocol; // the one that 0 means
};
constexpr std::array kinds{Kind{SOCK_STREAM, IPPROTO_TCP}, Kind{SOCK_DGRAM, IPPROTO_UDP}};

[[noreturn]] void refuse(const char* argument, int value, const std::string& allowed) {
    throw Error(Errc::InvalidArgument, std::string("socket ") + argument + " " + std::to_string(value) +
                                           " is not allowed here: it may be " + allowed);
}

} // namespace

SocketSpec checkedSocket(SocketSpec asked) {
    if (std::find(families.begin(), families.end(), asked.family) == families.end())
        refuse("family", asked.family, "AF_INET (2) or AF_INET6 (10)");
    const auto* const kind = std::find_if(
        kinds.begin(), kinds.end(), [&](const Kind& row) { return row.type == (asked.type & ~flags); });
    if (kind == kinds.end())
        refuse("type", asked.type,
            "SOCK_STREAM (1) or SOCK_DGRAM (2), with SOCK_NONBLOCK (2048) and SOCK_CLOEXEC (524288)");
    if (asked.protocol != 0 && asked.protocol != kind->protocol)
        refuse("protocol", asked.protocol,
            "0, or that of its type: " + std::to_string(kind->protocol) +
                (kind->protocol == IPPROTO_TCP ? " (TCP)" : " (UDP)"));
    asked.type |= SOCK_CLOEXEC;
    return asked;
}

} // namespace nsd
