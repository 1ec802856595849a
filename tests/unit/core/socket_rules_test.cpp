// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/socket_rules.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

namespace nsd::test {
namespace {

TEST(SocketRules, InternetSocketsAreMadeAndAreAlwaysCloexec) {
    for (const int family : {AF_INET, AF_INET6})
        for (const auto& [type, protocol] :
            {std::pair{SOCK_STREAM, int{IPPROTO_TCP}}, {SOCK_DGRAM, int{IPPROTO_UDP}}})
            for (const int flags : {0, int{SOCK_NONBLOCK}, int{SOCK_CLOEXEC}, SOCK_NONBLOCK | SOCK_CLOEXEC})
                for (const int asked : {0, protocol}) {
                    const auto checked = checkedSocket({family, type | flags, asked});
                    EXPECT_EQ(checked, (SocketSpec{family, type | flags | SOCK_CLOEXEC, asked}));
                }
}

TEST(SocketRules, EverythingElseIsRefused) {
    const std::array refused{
        SocketSpec{AF_UNIX, SOCK_STREAM, 0}, SocketSpec{AF_NETLINK, SOCK_RAW, 0},
        SocketSpec{AF_NETLINK, SOCK_DGRAM, 0}, SocketSpec{AF_PACKET, SOCK_RAW, 0},
        SocketSpec{AF_PACKET, SOCK_DGRAM, 0}, SocketSpec{AF_VSOCK, SOCK_STREAM, 0},
        SocketSpec{AF_UNSPEC, SOCK_STREAM, 0}, SocketSpec{-1, SOCK_STREAM, 0},
        SocketSpec{AF_INET, SOCK_RAW, 0}, SocketSpec{AF_INET, SOCK_RAW, IPPROTO_ICMP},
        SocketSpec{AF_INET, SOCK_SEQPACKET, 0}, SocketSpec{AF_INET, 0, 0}, SocketSpec{AF_INET, -1, 0},
        SocketSpec{AF_INET, SOCK_PACKET, 0},
        SocketSpec{AF_INET, SOCK_STREAM | 0x10, 0}, // a flag of no kernel
        SocketSpec{AF_INET, SOCK_STREAM, IPPROTO_UDP}, SocketSpec{AF_INET, SOCK_STREAM, IPPROTO_SCTP},
        SocketSpec{AF_INET, SOCK_STREAM, IPPROTO_MPTCP}, SocketSpec{AF_INET, SOCK_STREAM, -1},
        SocketSpec{AF_INET6, SOCK_DGRAM, IPPROTO_TCP}, SocketSpec{AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6},
        SocketSpec{AF_INET, SOCK_DGRAM, IPPROTO_ICMP}, // ping, where the sysctl lets everybody
    };
    for (const auto& spec : refused)
        EXPECT_EQ(codeOf([&] { static_cast<void>(checkedSocket(spec)); }), "InvalidArgument")
            << spec.family << ' ' << spec.type << ' ' << spec.protocol;
}

} // namespace
} // namespace nsd::test
