// SPDX-License-Identifier: LGPL-2.1-or-later
// Veth pairs made and deleted by the real worker.
#include "common/mac_address.hpp"
#include "tests/kernel/worker_link_fixture.hpp"
#include "tests/support/require.hpp"

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace nsd::test {
namespace {

using namespace protocol;
using Names = std::vector<std::string>;

class Veth : public LinkTest {
  protected:
    static VethEnd end(const std::string& name, const Names& addresses = {}, const Names& routes = {}) {
        VethEnd made{LinkName(name), randomMac()};
        for (const auto& address : addresses)
            made.addresses.push_back(IpPrefix::parseOfLink(address));
        for (const auto& route : routes)
            made.routes.push_back(RouteSpec::parse(route));
        return made;
    }
    std::pair<MovedLink, MovedLink> make(const VethSpec& veth) {
        return worker().askFor<MakeVethReply>(MakeVethRequest{veth}, {inside(), home()}).ends;
    }
    // A socket in the namespace; the worker makes one.
    UniqueFd socketIn(int netNs, int family) {
        auto answer = worker().ask(SocketRequest{{family, SOCK_STREAM, 0}, {0, 0, {}}}, {netNs});
        return std::move(answer.fds.at(0));
    }
    // From inside to this address of home.
    std::string connect(const std::string& text) {
        const auto address = IpAddress::parse(text);
        const bool isV4 = address.family() == IpAddress::Family::V4;
        sockaddr_in6 v6{AF_INET6, 0, 0, {}, 0};
        sockaddr_in v4{AF_INET, 0, {}, {}};
        std::memcpy(isV4 ? static_cast<void*>(&v4.sin_addr) : &v6.sin6_addr, address.data(), address.size());
        auto* const name = isV4 ? reinterpret_cast<sockaddr*>(&v4) : reinterpret_cast<sockaddr*>(&v6);
        socklen_t size = isV4 ? sizeof v4 : sizeof v6;
        const auto server = socketIn(home(), name->sa_family);
        const auto client = socketIn(inside(), name->sa_family);
        if (::bind(server.get(), name, size) != 0 || ::listen(server.get(), 1) != 0 ||
            ::getsockname(server.get(), name, &size) != 0 || ::connect(client.get(), name, size) != 0)
            return errnoText(errno);
        return "connected";
    }
    void expectNothingMade() {
        EXPECT_EQ(namesOf(home()), Names{"lo"});
        EXPECT_EQ(namesOf(inside()), Names{"lo"});
    }
};

TEST_F(Veth, JoinsTwoNamespaces) {
    const VethSpec veth{
        end("eth0", {"10.9.0.2/24", "fd09::2/64"},
            {"default via 10.9.0.1", "default via fd09::1", "10.10.0.0/16 via 10.9.0.7", "10.11.0.0/16"}),
        end("ve-web", {"10.9.0.1/24", "fd09::1/64"}), 1400};
    const auto [one, other] = make(veth);
    const auto inner = linkOf(inside(), "eth0");
    const auto outer = linkOf(home(), "ve-web");
    EXPECT_EQ(one, (MovedLink{inner.index, "eth0"}));
    EXPECT_EQ(other, (MovedLink{outer.index, "ve-web"}));
    EXPECT_EQ(lookOf(inner), "eth0 () mtu 1400 " + veth.inside.mac + " up ");
    EXPECT_EQ(lookOf(outer), "ve-web () mtu 1400 " + veth.peer.mac + " up ");
    // At once: no duplicate address detection.
    ip(inside(), "route get 192.0.2.1 | grep -q 'via 10.9.0.1'");
    ip(inside(), "route get 10.10.1.1 | grep -q 'via 10.9.0.7'");
    ip(inside(), "route get 10.11.1.1 | grep -q 'dev eth0'");
    EXPECT_EQ(connect("10.9.0.1"), "connected");
    EXPECT_EQ(connect("fd09::1"), "connected");
    EXPECT_EQ(ip(inside(), "-6 address show dev eth0 tentative to fd09::/64"), "");
}

TEST_F(Veth, HasItsEndsUnderTheirNamesWhateverIsOnTheOtherSide) {
    ip(home(), "link add eth0 type bridge");
    ip(inside(), "link add ve-web type bridge");
    static_cast<void>(make({end("eth0"), end("ve-web"), {}}));
    EXPECT_EQ(linkOf(home(), "ve-web").identity.kind, "veth");
    EXPECT_EQ(linkOf(inside(), "eth0").identity.kind, "veth");
}

TEST_F(Veth, RefusesNamesThatAreTaken) {
    ip(home(), "link add taken type bridge");
    auto text = errorTextOf(Errc::NameExists, [&] {
        static_cast<void>(make({end("eth0"), end("taken"), {}}));
    });
    EXPECT_NE(text.find("other end's network namespace has a link \"taken\""), std::string::npos) << text;
    EXPECT_EQ(namesOf(inside()), Names{"lo"});
    ip(home(), "link delete taken");
    ip(inside(), "link add taken type bridge");
    text = errorTextOf(Errc::NameExists, [&] { static_cast<void>(make({end("taken"), end("ve-web"), {}})); });
    EXPECT_NE(text.find("the namespace has a link \"taken\""), std::string::npos) << text;
    EXPECT_EQ(namesOf(home()), Names{"lo"});
}

TEST_F(Veth, IsNotThereIfAnythingOfItFails) {
    auto text = errorTextOf(Errc::KernelError, [&] {
        static_cast<void>(make({end("eth0", {"10.9.0.2/24"}, {"default via 10.77.0.1"}), end("ve-web"), {}}));
    });
    EXPECT_NE(text.find(R"(add the route "default via 10.77.0.1" through veth "eth0")"), std::string::npos)
        << text;
    expectNothingMade();
    text = errorTextOf(Errc::KernelError, [&] {
        static_cast<void>(make({end("eth0"), end("ve-web", {"10.9.0.2/24", "10.9.0.2/24"}), {}}));
    });
    EXPECT_NE(text.find("add the address 10.9.0.2/24 to veth \"ve-web\""), std::string::npos) << text;
    expectNothingMade();
    text = errorTextOf(Errc::KernelError, [&] {
        static_cast<void>(make({end("eth0"), end("ve-web"), 70'000}));
    });
    EXPECT_NE(text.find("the veth \"eth0\" and its peer \"ve-web\""), std::string::npos) << text;
    expectNothingMade();
}

TEST_F(Veth, GoesWithEitherEnd) {
    const VethSpec veth{end("eth0"), end("ve-web"), {}};
    const auto remove = [&](int netNs, const VethEnd& which) {
        return worker()
            .askFor<RemoveVethReply>(RemoveVethRequest{which.name.str(), which.mac}, {netNs})
            .removed;
    };
    static_cast<void>(make(veth));
    EXPECT_TRUE(remove(home(), veth.peer));
    expectNothingMade();
    EXPECT_FALSE(remove(home(), veth.peer));
    static_cast<void>(make(veth));
    EXPECT_TRUE(remove(inside(), veth.inside));
    expectNothingMade();
}

// After a crash it is not known whether the pair was made: what only has its name is somebody else's.
TEST_F(Veth, IsNotMistakenForAnotherLink) {
    ip(home(), "link add ve-web type veth peer name other");
    const auto removed =
        worker().askFor<RemoveVethReply>(RemoveVethRequest{"ve-web", randomMac()}, {home()}).removed;
    EXPECT_FALSE(removed);
    EXPECT_EQ(namesOf(home()), (Names{"lo", "other", "ve-web"}));
}

} // namespace
} // namespace nsd::test
