// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl link, and what other verbs say of links.
#include "client/cli/arguments.hpp"
#include "client/cli/link_words.hpp"
#include "tests/unit/client_fixture.hpp"

#include <nlohmann/json.hpp>

namespace nsd::test {
namespace {

using Calls = std::vector<std::string>;
using Json = nlohmann::json;

class LinkVerb : public ClientTest {
  protected:
    LinkVerb() {
        client::NamespaceDetails web;
        web.name = "web";
        web.types = {"net"};
        web.state = "ready";
        daemon.namespaces["web"] = web;
        client::LinkDetails lo;
        lo.index = 1;
        lo.name = "lo";
        lo.state = "unknown";
        lo.mtu = 65536;
        lo.addresses = {"127.0.0.1/8"};
        client::LinkDetails wan;
        wan.index = 7;
        wan.name = "wan";
        wan.kind = "veth";
        wan.state = "up";
        wan.mtu = 1500;
        wan.mac = "02:00:00:00:00:01";
        wan.addresses = {"10.0.0.2/24", "fd00::2/64"};
        wan.home = "eth0";
        daemon.links = {lo, wan};
    }
};

TEST_F(LinkVerb, MovesAndReturns) {
    EXPECT_EQ(run({"link", "move", "web", "eth0", "--name", "wan"}), 0);
    EXPECT_EQ(run({"link", "return", "web", "wan"}), 0);
    EXPECT_EQ(daemon.calls, (Calls{"move web eth0 wan", "return web wan "}));
}

TEST_F(LinkVerb, AddsEachPair) {
    EXPECT_EQ(run({"link", "add", "web", "--veth", "a:b@box,addr=10.0.0.1/24,peer-addr=10.0.0.2/24", "--veth",
                  "c"}),
        0);
    ASSERT_EQ(daemon.added.size(), 2U);
    EXPECT_EQ(daemon.added[0].peerNamespace, "box");
    EXPECT_EQ(daemon.added[0].peerAddresses, Calls{"10.0.0.2/24"});
    EXPECT_EQ(daemon.added[1].name, "c");
}

TEST_F(LinkVerb, ListIsATable) {
    EXPECT_EQ(run({"link", "list", "web"}), 0);
    EXPECT_EQ(console.out,
        "NAMESPACE LINK KIND STATE     MTU MAC               ADDRESSES              HOME\n"
        "web       lo   -    unknown 65536 -                 127.0.0.1/8            -\n"
        "web       wan  veth up       1500 02:00:00:00:00:01 10.0.0.2/24,fd00::2/64 eth0\n");
    EXPECT_EQ(run({"link", "list", "--json=short"}), 0);
    const auto link = Json::parse(console.out).at(1);
    EXPECT_EQ(link.at("home"), "eth0");
    EXPECT_EQ(link.at("mtu"), 1500);
    EXPECT_EQ(link.at("addresses"), Json({"10.0.0.2/24", "fd00::2/64"}));
}

TEST_F(LinkVerb, IsWrongUsageWhereAWordOrAnOptionIsMissingOrTooMuch) {
    for (const auto& line :
        std::vector<Calls>{{"link"}, {"link", "lend", "web", "eth0"}, {"link", "move", "web"},
            {"link", "return", "web"}, {"link", "list", "web", "x"}, {"link", "add", "web"},
            {"link", "add", "web", "x", "--veth", "a"}, {"link", "list", "--name", "x"},
            {"link", "move", "web", "eth0", "--veth", "a"}, {"link", "add", "web", "--veth", "a:"},
            {"link", "add", "web", "--veth", ":b"}, {"link", "add", "web", "--veth", "a,colour=red"},
            {"link", "add", "web", "--veth", "a,mtu=big"}, {"link", "add", "web", "--veth", "a:b@"}}) {
        EXPECT_EQ(run(line), 2) << testing::PrintToString(line);
        EXPECT_EQ(errorLines(), 1U) << console.err;
    }
    EXPECT_TRUE(daemon.calls.empty());
}

TEST_F(LinkVerb, TheWordsOfAPair) {
    using client::parseVeth;
    EXPECT_EQ(parseVeth("a"), (LinkRequest{.name = "a"}));
    EXPECT_EQ(parseVeth("a:b"), (LinkRequest{.name = "a", .peer = "b"}));
    EXPECT_EQ(parseVeth("a:@box"), (LinkRequest{.name = "a", .peerNamespace = "box"}));
    const auto whole =
        parseVeth("a:b@box,addr=fd00::1/64,addr=10.0.0.1/8,route=default via fd00::2,mtu=1400");
    EXPECT_EQ(whole.addresses, (Calls{"fd00::1/64", "10.0.0.1/8"}));
    EXPECT_EQ(whole.routes, Calls{"default via fd00::2"});
    EXPECT_EQ(whole.mtu, 1400U);
}

TEST_F(LinkVerb, CreateTakesPairs) {
    EXPECT_EQ(run({"create", "new", "--link", "up0:new0,addr=10.0.0.2/24"}), 0);
    ASSERT_EQ(daemon.created.links.size(), 1U);
    EXPECT_EQ(daemon.created.links[0].peer, "new0");
}

TEST_F(LinkVerb, ShowAndListTellOfThem) {
    EXPECT_EQ(run({"show", "web", "--json=short"}), 0);
    EXPECT_EQ(Json::parse(console.out).at("links").at(1).at("state"), "up");
    EXPECT_EQ(run({"show", "web"}), 0);
    EXPECT_NE(console.out.find("10.0.0.2/24"), std::string::npos) << console.out;
    EXPECT_EQ(run({"list", "--links"}), 0);
    EXPECT_NE(console.out.find("lo 127.0.0.1/8,wan 10.0.0.2/24 fd00::2/64"), std::string::npos)
        << console.out;
    EXPECT_EQ(run({"list", "--links", "--json=short"}), 0);
    EXPECT_EQ(Json::parse(console.out).at(0).at("links").at(1).at("name"), "wan");
}

} // namespace
} // namespace nsd::test
