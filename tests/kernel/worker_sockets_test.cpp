// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Sockets that keep a network namespace alive, found by a worker to which the kernel gives no copy of
// anybody's descriptor, as under nsd.service: it reads the tables of the namespace.
#include "tests/kernel/descriptor_keepers.hpp"
#include "tests/kernel/holders_fixture.hpp"

#include <arpa/inet.h>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace nsd::test {
namespace {

class SocketsInTables : public Holders {
  protected:
    SocketsInTables() : Holders({NSD_RUN_WITHOUT, "pidfd_getfd"}) {}

    std::vector<Holder> found(const MadeByWorker& made) {
        return holders({made.identities()}, {made.fd(NamespaceType::Net)});
    }
    void expectSocket(const MadeByWorker& made, const Keeper& keeper, const std::string& what) {
        SCOPED_TRACE(what);
        const auto rows = found(made);
        expectOne(rows, "socket", keeper.pid(), "net");
        EXPECT_EQ(rows.at(0).detail, "fd 27 (" + what + ")");
        EXPECT_EQ(rows.at(0).uid, 0U);
    }
    // Made inside and in the hands of a process outside.
    template <class Make>
    void expectFound(const std::string& what, const Make& socket) {
        const auto made = make({NamespaceType::Net});
        const auto fd = inNet(made, socket);
        const Keeper keeper(fd.get());
        expectSocket(made, keeper, what);
    }
};

int boundTo(int family, int type, const void* address, std::size_t size) {
    const int fd = ::socket(family, type | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(fd, static_cast<const sockaddr*>(address), static_cast<socklen_t>(size)), 0)
        << std::strerror(errno);
    return fd;
}

int boundTo(int type, const char* address, std::uint16_t port) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_port = htons(port);
    ::inet_pton(AF_INET, address, &own.sin_addr);
    return boundTo(AF_INET, type, &own, sizeof own);
}

int boundTo6(int type, const char* address, std::uint16_t port) {
    sockaddr_in6 own{};
    own.sin6_family = AF_INET6;
    own.sin6_port = htons(port);
    ::inet_pton(AF_INET6, address, &own.sin6_addr);
    return boundTo(AF_INET6, type, &own, sizeof own);
}

int listening(int fd) {
    EXPECT_EQ(::listen(fd, 1), 0) << std::strerror(errno);
    return fd;
}

TEST_F(SocketsInTables, OfTcp) {
    expectFound(
        "tcp 127.0.0.1:80 listening", [] { return listening(boundTo(SOCK_STREAM, "127.0.0.1", 80)); });
    expectFound("tcp6 [::1]:8080 listening", [] { return listening(boundTo6(SOCK_STREAM, "::1", 8080)); });
}

TEST_F(SocketsInTables, OfAConnection) {
    UniqueFd server;
    expectFound("tcp 127.0.0.1:1024", [&] {
        server.reset(listening(boundTo(SOCK_STREAM, "127.0.0.1", 80)));
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(80);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int fd = boundTo(SOCK_STREAM, "127.0.0.1", 1024);
        EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0)
            << std::strerror(errno);
        return fd;
    });
}

TEST_F(SocketsInTables, OfUdp) {
    expectFound("udp 0.0.0.0:53", [] { return boundTo(SOCK_DGRAM, "0.0.0.0", 53); });
    expectFound("udp6 [::]:53", [] { return boundTo6(SOCK_DGRAM, "::", 53); });
}

TEST_F(SocketsInTables, OfOtherFamilies) {
    expectFound("inet 0.0.0.0:1", [] { return ::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP); });
    expectFound("unix", [] { return ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); });
    expectFound("packet", [] { return ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); });
    expectFound("netlink", [] {
        sockaddr_nl own{};
        own.nl_family = AF_NETLINK;
        return boundTo(AF_NETLINK, SOCK_RAW, &own, sizeof own);
    });
    expectFound("unix listening", [] {
        sockaddr_un own{};
        own.sun_family = AF_UNIX; // and no name: the kernel gives it one
        return listening(boundTo(AF_UNIX, SOCK_STREAM, &own, sizeof own.sun_family));
    });
}

TEST_F(SocketsInTables, OfEveryHolderAmongMany) {
    const auto made = make({NamespaceType::Net});
    std::vector<UniqueFd> sockets;
    for (std::uint16_t port = 1; port <= 500; ++port)
        sockets.push_back(inNet(made, [&] { return boundTo(SOCK_DGRAM, "0.0.0.0", port); }));
    const Keeper first(sockets.front().get());
    const Keeper last(sockets.back().get());
    const auto rows = found(made);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].detail, "fd 27 (udp 0.0.0.0:1)");
    EXPECT_EQ(rows[1].detail, "fd 27 (udp 0.0.0.0:500)");
}

TEST_F(SocketsInTables, OfAThreadWithDescriptorsOfItsOwn) {
    const auto made = make({NamespaceType::Net});
    const auto socket = inNet(made, [] { return boundTo(SOCK_DGRAM, "0.0.0.0", 53); });
    const int fd = socket.get();
    const auto threaded = threadThatAloneHas(fd, made);
    const auto rows = ofKind(found(made), "socket");
    expectOne(rows, "socket", threaded.pid(), "net");
    expectIn(rows.at(0).detail, "fd " + std::to_string(fd) + " of thread ");
}

TEST_F(SocketsInTables, OfSocketsElsewhereAreNone) {
    const auto made = make({NamespaceType::Net});
    const auto other = make({NamespaceType::Net});
    const auto socket = inNet(other, [] { return boundTo(SOCK_DGRAM, "0.0.0.0", 53); });
    const Keeper keeper(socket.get());
    EXPECT_TRUE(found(made).empty());
}

// What this way cannot see, and the documents say so.
TEST_F(SocketsInTables, OfOneThatIsNotBoundThereIsNoLine) {
    const auto made = make({NamespaceType::Net});
    const auto socket = inNet(made, [] { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); });
    const Keeper keeper(socket.get());
    EXPECT_TRUE(found(made).empty());
}

TEST_F(SocketsInTables, WithoutTheNamespaceThereIsNoTable) {
    const auto made = make({NamespaceType::Net});
    const auto socket = inNet(made, [] { return boundTo(SOCK_DGRAM, "0.0.0.0", 53); });
    const Keeper keeper(socket.get());
    EXPECT_TRUE(holders(made).empty());
}

TEST_F(SocketsInTables, OfWhatIsNoNetworkNamespaceIsAnError) {
    const auto made = make({NamespaceType::Net, NamespaceType::Uts});
    const auto socket = inNet(made, [] { return boundTo(SOCK_DGRAM, "0.0.0.0", 53); });
    const Keeper keeper(socket.get());
    try {
        static_cast<void>(holders({made.identities()}, {made.fd(NamespaceType::Uts)}));
        FAIL() << "no error";
    } catch (const Error& error) {
        expectIn(error.text(), "enter a network namespace to list its sockets");
    }
}

} // namespace
} // namespace nsd::test
