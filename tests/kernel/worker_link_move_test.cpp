// SPDX-License-Identifier: LGPL-2.1-or-later
// Links that are looked at and lent out by the real worker.
#include "tests/kernel/worker_link_fixture.hpp"
#include "tests/support/require.hpp"

namespace nsd::test {
namespace {

using Names = std::vector<std::string>;

class LinkSurvey : public LinkTest {};

TEST_F(LinkSurvey, DescribesEachNamespace) {
    ip(home(), "link add br0 type bridge");
    ip(home(), "link add veth-a mtu 1400 address 02:00:00:00:00:0a type veth peer name veth-b netns /proc/" +
                   std::to_string(::getpid()) + "/fd/" + std::to_string(inside()));
    ip(home(), "link property add dev veth-a altname first altname second");
    ip(home(), "link set veth-a master br0 up");
    ip(home(), "address add 10.9.0.1/24 dev veth-a");
    ip(home(), "address add fd09::1/64 dev veth-a nodad");
    const auto all =
        worker().askFor<protocol::LinksReply>(protocol::LinksRequest{}, {inside(), home()}).links;
    ASSERT_EQ(all.size(), 2U);
    ASSERT_EQ(all[0].size(), 2U);
    EXPECT_EQ(all[0][1].name, "veth-b");
    ASSERT_EQ(all[1].size(), 3U);
    const auto& lo = all[1][0];
    EXPECT_EQ(lo.name, "lo");
    EXPECT_TRUE(lo.isLoopback);
    EXPECT_TRUE(lo.isUp);
    EXPECT_EQ(lo.operState, "unknown");
    EXPECT_EQ(lo.mac, "");
    EXPECT_EQ(lo.addresses, (Names{"127.0.0.1/8", "::1/128"}));
    EXPECT_EQ(all[1][1].identity.kind, "bridge");
    const auto& veth = all[1][2];
    EXPECT_EQ(lookOf(veth), "veth-a (first second ) mtu 1400 02:00:00:00:00:0a up br0");
    EXPECT_EQ(veth.identity.kind, "veth");
    EXPECT_EQ(veth.identity.peerIndex, all[0][1].index);
    EXPECT_TRUE(veth.peerNsid.has_value());
    EXPECT_FALSE(veth.isLoopback);
    EXPECT_EQ(veth.addresses.at(0), "10.9.0.1/24");
    EXPECT_EQ(veth.addresses.at(1), "fd09::1/64");
    EXPECT_TRUE(worker().askFor<protocol::LinksReply>(protocol::LinksRequest{}).links.empty());
}

TEST_F(LinkSurvey, DescribesMoreThanOneMessageHolds) {
    std::string batch;
    for (int i = 0; i < 200; ++i)
        batch += "link add v" + std::to_string(i) + " type veth peer name w" + std::to_string(i) + "\n";
    shell(home(), "printf '" + batch + "' | ip -batch -");
    EXPECT_EQ(linksOf(home()).size(), 401U);
}

class LinkMove : public LinkTest {
  protected:
    void SetUp() override {
        LinkTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        ip(home(), "link add br0 type bridge");
        ip(home(), "link add wan mtu 1400 address 02:00:00:00:00:0a type veth peer name lan");
        ip(home(), "link property add dev wan altname uplink");
        ip(home(), "link set wan master br0 up");
    }
    // Nothing has happened.
    void expectAsItWas() {
        EXPECT_EQ(lookOf(linkOf(home(), "wan")), "wan (uplink ) mtu 1400 02:00:00:00:00:0a up br0");
        EXPECT_EQ(namesOf(home()), (Names{"br0", "lan", "lo", "wan"}));
    }
    void giveInside(const std::string& link) { ip(inside(), "link add " + link); }
};

TEST_F(LinkMove, RecordsAllThatHasToComeBack) {
    const auto custody = inspect("wan");
    EXPECT_TRUE(custody.tag.starts_with("nsd-")) << custody.tag;
    EXPECT_EQ(custody.name, "wan");
    EXPECT_EQ(custody.homeIndex, linkOf(home(), "wan").index);
    EXPECT_EQ(custody.altNames, Names{"uplink"});
    EXPECT_EQ(custody.identity.kind, "veth");
    EXPECT_EQ(custody.identity.peerIndex, linkOf(home(), "lan").index);
    EXPECT_EQ(custody.mac, "02:00:00:00:00:0a");
    EXPECT_EQ(custody.mtu, 1400U);
    EXPECT_EQ(custody.master, "br0");
    EXPECT_TRUE(custody.wasUp);
    expectAsItWas();
    EXPECT_NE(inspect("wan").tag, custody.tag);
    EXPECT_EQ(inspect("uplink").name, "wan");
}

TEST_F(LinkMove, GivesTheNewNameOnTheWay) {
    const auto custody = inspect("wan");
    const auto moved = move(custody, "eth0", true);
    EXPECT_EQ(namesOf(home()), (Names{"br0", "lan", "lo"}));
    const auto link = linkOf(inside(), "eth0");
    EXPECT_EQ(moved.name, "eth0");
    EXPECT_EQ(moved.index, link.index);
    EXPECT_TRUE(link.isUp);
    EXPECT_EQ(link.mac, custody.mac);
}

TEST_F(LinkMove, LeavesItDownIfAsked) {
    static_cast<void>(lend("wan", "eth0", false));
    EXPECT_FALSE(linkOf(inside(), "eth0").isUp);
}

TEST_F(LinkMove, IsNotInTheWayOfWhatHasItsOldNameInside) {
    giveInside("wan type bridge");
    static_cast<void>(lend("wan", "eth0"));
    EXPECT_EQ(namesOf(inside()), (Names{"eth0", "lo", "wan"}));
    EXPECT_EQ(linkOf(inside(), "wan").identity.kind, "bridge");
}

TEST_F(LinkMove, RefusesANameThatIsTaken) {
    giveInside("eth0 type bridge");
    ip(inside(), "link property add dev eth0 altname other");
    const auto custody = inspect("wan");
    for (const auto* name : {"eth0", "other"}) {
        const auto text = errorTextOf(Errc::NameExists, [&] { static_cast<void>(move(custody, name)); });
        EXPECT_NE(
            text.find("the namespace has a link \"" + std::string(name) + "\" already"), std::string::npos)
            << text;
    }
    expectAsItWas();
    EXPECT_EQ(namesOf(inside()), (Names{"eth0", "lo"}));
}

TEST_F(LinkMove, RefusesAnAlternativeNameThatIsTaken) {
    giveInside("uplink type bridge");
    const auto custody = inspect("wan");
    const auto text = errorTextOf(Errc::NameExists, [&] { static_cast<void>(move(custody, "eth0")); });
    EXPECT_NE(text.find("\"uplink\""), std::string::npos) << text;
    expectAsItWas();
}

TEST_F(LinkMove, RefusesALinkThatIsNotThere) {
    const auto text = errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(inspect("eth7")); });
    EXPECT_EQ(text, "there is no link \"eth7\" to move");
    const auto custody = inspect("wan");
    ip(home(), "link delete wan");
    EXPECT_NE(errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(move(custody, "eth0")); }), "");
}

TEST_F(LinkMove, RefusesTheLoopback) {
    const auto text = errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(inspect("lo")); });
    EXPECT_NE(text.find("every network namespace has its own"), std::string::npos) << text;
}

TEST_F(LinkMove, RefusesToMoveALinkToWhereItIs) {
    const auto answer = worker().ask(protocol::InspectLinkRequest{"wan"}, {home(), home()});
    const auto* error = std::get_if<Error>(&answer.reply);
    ASSERT_NE(error, nullptr);
    EXPECT_NE(error->text().find("veth \"wan\" cannot move: it is in the network namespace already"),
        std::string::npos)
        << error->text();
}

TEST_F(LinkMove, RefusesWhatTheKernelDoesNotLetGo) {
    const std::string reason =
        "the kernel keeps links of this kind in the network namespace that they were made in";
    // As a kernel says that does not tell beforehand.
    LinkCustody custody;
    custody.tag = "nsd-test";
    custody.name = "br0";
    custody.homeIndex = linkOf(home(), "br0").index;
    custody.identity.kind = "bridge";
    custody.mac = linkOf(home(), "br0").mac;
    custody.mtu = linkOf(home(), "br0").mtu;
    const auto before = lookOf(linkOf(home(), "br0"));
    auto text = errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(move(custody, "br1")); });
    EXPECT_NE(text.find(reason), std::string::npos) << text;
    EXPECT_EQ(lookOf(linkOf(home(), "br0")), before);
    if (!linkOf(home(), "br0").isImmutable)
        return;
    text = errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(inspect("br0")); });
    EXPECT_EQ(text, "bridge \"br0\" cannot move: " + reason);
}

// The kernel moves first, and then gives the name that was asked for: a failure in between has to be undone.
TEST_F(LinkMove, PutsBackWhatMovedAndThenFailed) {
    const auto custody = inspect("wan");
    EXPECT_NE(errorTextOf(Errc::KernelError, [&] { static_cast<void>(move(custody, "a/b", true)); }), "");
    expectAsItWas();
    EXPECT_EQ(namesOf(inside()), Names{"lo"});
}

TEST_F(LinkMove, IntoAUsersNamespaceNeedsWhatNobodyCanMakeUp) {
    giveInsideTo(user);
    const auto custody = lend("wan", "eth0", true);
    EXPECT_EQ(linkOf(inside(), "eth0").index, custody.insideIndex);
    ip(home(), "tuntap add mode tap tap0");
    const auto text = errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(inspect("tap0")); });
    EXPECT_NE(text.find("could not tell them apart"), std::string::npos) << text;
}

TEST_F(LinkMove, WithoutItsDescriptorsIsRefused) {
    const auto one = worker().ask(protocol::InspectLinkRequest{"wan"}, {home()});
    EXPECT_NE(std::get_if<Error>(&one.reply), nullptr);
    const auto three = worker().ask(protocol::RemoveVethRequest{"wan", ""}, {});
    EXPECT_NE(std::get_if<Error>(&three.reply), nullptr);
}

} // namespace
} // namespace nsd::test
