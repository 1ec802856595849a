// SPDX-License-Identifier: LGPL-2.1-or-later
// MoveLink, ReturnLink, AddLink, and the links of Create and List, over the wire.
#include "tests/bus/bus_fixture.hpp"

#include <cstdint>

namespace nsd::test {
namespace {

using Names = std::vector<std::string>;

class LinkMethods : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        create("web", {"net"});
        LinkState link{.name = "eth0"};
        link.mac = "02:00:00:00:00:01";
        link.isUp = true;
        links_->put(FakeLinks::host, link);
    }
    [[nodiscard]] std::uint64_t inside(const std::string& name) const {
        return namespaces_->find(Name(name)).identities.at(NamespaceType::Net).inode;
    }
    template <class... Args>
    std::string failing(const char* method, Args... args) {
        const auto answer = root_->manager(method, args...);
        return answer->error + ": " + answer->text;
    }
    static void expect(const std::string& text, const std::string& error, const std::string& part) {
        EXPECT_EQ(text.substr(0, text.find(':')), "org.nsd1.Error." + error) << text;
        EXPECT_NE(text.find(part), std::string::npos) << text;
    }
    // Create with one link that has this option beside its name.
    template <class... Args>
    std::string createLinked(const char* key, const char* signature, Args... args) {
        return failing("Create", "sasa{sv}", "new", 1, "net", 1, "links", "aa{sv}", 1, 2, "name", "s", "up0",
            key, signature, args...);
    }
};

TEST_F(LinkMethods, moveAndReturn) {
    EXPECT_EQ(root_->manager("MoveLink", "ssa{sv}", "web", "eth0", 1, "name", "s", "wan")->error, "");
    EXPECT_EQ(links_->names(inside("web")), Names{"wan"});
    EXPECT_EQ(root_->manager("ReturnLink", "ssa{sv}", "web", "wan", 1, "name", "s", "lan")->error, "");
    EXPECT_EQ(links_->names(FakeLinks::host), Names{"lan"});
}

TEST_F(LinkMethods, addPassesAllOn) {
    EXPECT_EQ(root_
                  ->manager("AddLink", "sa{sv}", "web", 7, "kind", "s", "veth", "name", "s", "up0", "peer",
                      "s", "web0", "addresses", "as", 2, "10.0.0.2/24", "fd00::2/64", "peer-addresses", "as",
                      1, "10.0.0.1/24", "routes", "as", 1, "default via 10.0.0.1", "mtu", "u", 1400U)
                  ->error,
        "");
    const auto& veth = *links_->lastVeth();
    EXPECT_EQ(veth.inside.addresses.size(), 2U);
    EXPECT_EQ(veth.peer.name.str(), "web0");
    EXPECT_EQ(veth.inside.routes.at(0).str(), "default via 10.0.0.1");
    EXPECT_EQ(veth.mtu, 1400U);
}

TEST_F(LinkMethods, addBetweenTwo) {
    create("box", {"net"});
    EXPECT_EQ(root_->manager("AddLink", "sa{sv}", "web", 2, "name", "s", "mid", "peer-namespace", "s", "box")
                  ->error,
        "");
    EXPECT_EQ(links_->names(inside("box")), Names{"mid"});
}

TEST_F(LinkMethods, createWithLinks) {
    const auto answer = createLinked("peer", "s", "new0");
    EXPECT_EQ(answer, ": \"/org/nsd1/namespace/" + namespaces_->find(Name("new")).uuid.str() + "\"");
    EXPECT_EQ(links_->names(inside("new")), Names{"up0"});
    EXPECT_EQ(links_->names(FakeLinks::host), (Names{"eth0", "new0"}));
}

TEST_F(LinkMethods, badInputIsNamedAndNothingMade) {
    expect(createLinked("colour", "s", "red"), "InvalidArgument", "\"colour\"");
    expect(createLinked("mtu", "s", "1400"), "InvalidArgument", "\"mtu\"");
    expect(createLinked("mtu", "u", 0U), "InvalidArgument", "\"mtu\"");
    expect(createLinked("kind", "s", "bridge"), "InvalidArgument", "\"bridge\"");
    expect(createLinked("peer", "s", ""), "InvalidArgument", "\"peer\"");
    expect(createLinked("peer", "s", "sixteen-bytes-xx"), "InvalidArgument", "sixteen-bytes-xx");
    expect(createLinked("peer", "s", "eth0"), "NameExists", "eth0");
    expect(createLinked("peer-namespace", "s", "none"), "NoSuchNamespace", "\"none\"");
    expect(createLinked("peer-namespace", "s", "../x"), "InvalidName", "../x");
    expect(createLinked("addresses", "as", 1, "10.0.0.300/8"), "InvalidArgument", "10.0.0.300");
    expect(createLinked("addresses", "s", "10.0.0.1/8"), "InvalidArgument", "\"addresses\"");
    expect(createLinked("routes", "as", 1, "nowhere"), "InvalidArgument", "nowhere");
    expect(failing("Create", "sasa{sv}", "new", 1, "net", 1, "links", "as", 1, "up0"), "InvalidArgument",
        "\"links\"");
    expect(failing("Create", "sasa{sv}", "new", 1, "uts", 1, "links", "aa{sv}", 1, 1, "name", "s", "up0"),
        "InvalidArgument", "links needs type net");
    expect(failing("Create", "sasa{sv}", "new", 1, "net", 1, "links", "aa{sv}", 1, 0), "InvalidArgument",
        "name");
    EXPECT_FALSE(namespaces_->has(Name("new")));
    expect(failing("AddLink", "sa{sv}", "web", 0), "InvalidArgument", "name");
    expect(failing("AddLink", "sa{sv}", "web", 2, "name", "s", "a", "peer-namespace", "s", "web"),
        "InvalidArgument", "the same namespace");
    expect(failing("MoveLink", "ssa{sv}", "web", "eth9", 0), "InvalidArgument", "\"eth9\"");
    expect(failing("MoveLink", "ssa{sv}", "web", "eth0", 1, "name", "s", "a/b"), "InvalidArgument", "a/b");
    expect(failing("MoveLink", "ssa{sv}", "web", "eth0", 1, "name", "s", ""), "InvalidArgument", "\"name\"");
    expect(failing("MoveLink", "ssa{sv}", "web", "eth0", 1, "as", "s", "x"), "InvalidArgument", "\"as\"");
    expect(failing("ReturnLink", "ssa{sv}", "web", "eth0", 0), "InvalidArgument", "has no link \"eth0\"");
    expect(failing("ReturnLink", "ssa{sv}", "none", "eth0", 0), "NoSuchNamespace", "\"none\"");
    EXPECT_EQ(links_->names(FakeLinks::host), Names{"eth0"});
    EXPECT_EQ(links_->names(inside("web")), Names{});
}

TEST_F(LinkMethods, listTellsAllOfALink) {
    ASSERT_EQ(
        root_->manager("AddLink", "sa{sv}", "web", 2, "name", "s", "up0", "addresses", "as", 1, "10.0.0.2/24")
            ->error,
        "");
    ASSERT_EQ(root_->manager("MoveLink", "ssa{sv}", "web", "eth0", 1, "name", "s", "wan")->error, "");
    const auto text = root_->manager("List", "a{sv}", 1, "with", "as", 2, "links", "link-details")->text;
    EXPECT_NE(text.find(R"("links": ["lo", "up0", "wan"])"), std::string::npos) << text;
    for (const auto* part : {R"("addresses": ["10.0.0.2/24"])", R"("kind": "veth")", R"("state": "up")",
             R"("home": "eth0")", R"("mac": "02:00:00:00:00:01")"})
        EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
}

TEST_F(LinkMethods, destroySaysWhichLinkKeepsIt) {
    ASSERT_EQ(root_->manager("MoveLink", "ssa{sv}", "web", "eth0", 0)->error, "");
    links_->fail("bringHome eth0", {Errc::KernelError, "the kernel will not"});
    expect(failing("Destroy", "sa{sv}", "web", 0), "Busy", "the kernel will not");
    EXPECT_EQ(root_->manager("Destroy", "sa{sv}", "web", 0)->error, "");
    EXPECT_EQ(links_->names(FakeLinks::host), Names{"eth0"});
}

} // namespace
} // namespace nsd::test
