// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Descriptors that keep namespaces alive, or show who has a lease.
#include "tests/kernel/descriptor_keepers.hpp"
#include "tests/kernel/holders_fixture.hpp"

#include <arpa/inet.h>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::test {
namespace {

class DescriptorHolders : public Holders {
  protected:
    void expectSocket(const MadeByWorker& made, const Keeper& keeper, const std::string& what) {
        const auto found = holders(made);
        expectOne(found, "socket", keeper.pid(), "net");
        EXPECT_EQ(found.at(0).detail, "fd 27 (" + what + ")");
        EXPECT_EQ(found.at(0).uid, 0U);
    }
};

TEST_F(DescriptorHolders, OfANamespace) {
    const auto made = make({NamespaceType::Net});
    const Keeper keeper(made.fd(NamespaceType::Net));
    const auto found = holders(made);
    expectOne(found, "fd", keeper.pid(), "net");
    EXPECT_EQ(found.at(0).detail, "fd 27");
}

TEST_F(DescriptorHolders, OpenedThroughAMount) {
    const auto made = make({NamespaceType::Net});
    const TempDir directory;
    const BoundFile file(made.fd(NamespaceType::Net), directory / "net");
    const UniqueFd opened(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
    const Keeper keeper(opened.get());
    expectOne(ofKind(holders(made), "fd"), "fd", keeper.pid(), "net");
}

TEST_F(DescriptorHolders, OfAThreadThatSharesThemWithNobody) {
    const auto made = make({NamespaceType::Ipc});
    const int fd = made.fd(NamespaceType::Ipc);
    const auto threaded = threadThatAloneHas(fd, made);
    const auto found = holders(made);
    expectOne(found, "fd", threaded.pid(), "ipc");
    expectIn(found.at(0).detail, "fd " + std::to_string(fd) + " of thread ");
}

TEST_F(DescriptorHolders, OfWhatBelongsToIt) {
    const auto made = make({NamespaceType::User, NamespaceType::Uts});
    const Keeper keeper(made.fd(NamespaceType::Uts));
    const auto found = holders({{identifyNamespace(made.fd(NamespaceType::User))}});
    expectOne(found, "namespace", keeper.pid(), "user");
    expectIn(found.at(0).detail, "fd 27 is uts:[");
    expectIn(found.at(0).detail, "], which belongs to it");
}

TEST_F(DescriptorHolders, OfASocketThatIsNotBound) {
    const auto made = make({NamespaceType::Net});
    const auto socket = inNet(made, [] { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); });
    const Keeper keeper(socket.get());
    expectSocket(made, keeper, "tcp not bound");
}

TEST_F(DescriptorHolders, OfAListeningSocket) {
    const auto made = make({NamespaceType::Net});
    const auto socket = inNet(made, [] {
        const int fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(80);
        static_cast<void>(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address));
        static_cast<void>(::listen(fd, 1));
        return fd;
    });
    const Keeper keeper(socket.get());
    expectSocket(made, keeper, "tcp6 [::]:80 listening");
}

TEST_F(DescriptorHolders, OfOtherSockets) {
    for (const auto& [family, what] :
        {std::pair{AF_UNIX, "unix"}, std::pair{AF_NETLINK, "netlink"}, std::pair{AF_PACKET, "packet"}}) {
        const auto made = make({NamespaceType::Net});
        const auto socket =
            inNet(made, [family = family] { return ::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0); });
        const Keeper keeper(socket.get());
        expectSocket(made, keeper, what);
    }
}

TEST_F(DescriptorHolders, OfATunnelDevice) {
    const auto made = make({NamespaceType::Net});
    if (::access("/dev/net/tun", R_OK) != 0)
        GTEST_SKIP() << "no /dev/net/tun here";
    const auto tunnel = inNet(made, [] { return ::open("/dev/net/tun", O_RDWR | O_CLOEXEC); });
    const Keeper keeper(tunnel.get());
    expectSocket(made, keeper, "/dev/net/tun");
}

TEST_F(DescriptorHolders, OfSocketsElsewhereAreNone) {
    const auto made = make({NamespaceType::Net});
    const auto other = make({NamespaceType::Net});
    const auto socket = inNet(other, [] { return ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); });
    const Keeper keeper(socket.get());
    EXPECT_TRUE(holders(made).empty());
}

TEST_F(DescriptorHolders, OfALease) {
    const TempDir directory;
    const auto fifo = directory / "leases";
    std::filesystem::create_directory(fifo);
    const auto path = (fifo / "1").string();
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const UniqueFd both(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    struct stat status {};
    ASSERT_EQ(::fstat(both.get(), &status), 0);
    const LeaseFile lease{status.st_dev, status.st_ino, 0, "lease 1"};
    const HolderQuery query{{}, {lease, {status.st_dev, status.st_ino + 1, 7, "lease 2"}}};
    const Keeper keeper(both.get());
    const auto found = holders(query);
    ASSERT_EQ(found.size(), 2U);
    expectOne({found[0]}, "lease", keeper.pid(), "");
    EXPECT_EQ(found[0].detail, "lease 1 (fd 27)");
    expectOne({found[1]}, "lease", 0, "");
    EXPECT_EQ(found[1].detail, "lease 2") << "nobody was found who has it, but it is there";
    EXPECT_EQ(found[1].uid, 7U);

    auto ofSomebody = lease;
    ofSomebody.uid = 1000;
    const auto shown = holders(HolderQuery{{}, {ofSomebody}});
    ASSERT_EQ(shown.size(), 2U) << "who it was given to may not see root's process, but the lease";
    EXPECT_EQ(shown[0].uid, 0U);
    EXPECT_EQ(shown[1].uid, 1000U);
}

} // namespace
} // namespace nsd::test
