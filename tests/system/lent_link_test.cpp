// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Links of the host inside and home again, and links that nsd makes, with the real nsd in a network of its
// own.
#include "tests/support/own_host_test.hpp"
#include "tests/support/system_test.hpp"
#include "tests/system/lent_link.hpp"

#include <csignal>
#include <filesystem>
#include <optional>

namespace nsd::test {
namespace {

class LinkSystem : public OwnHostTest<SystemTest> {
  protected:
    // A link that has been lent to "web" under another name, and another MTU and MAC address since.
    void lend(const Arguments& options = {}) {
        lent_.emplace(*host_);
        before_ = lent_->state();
        ASSERT_NE(before_, "");
        Arguments create{"create", "web"};
        create.insert(create.end(), options.begin(), options.end());
        nsctl(create);
        nsctl({"link", "move", "web", "lent0", "--name", "wan"});
        EXPECT_EQ(lent_->state(), "");
        nsctl(
            {"exec", "web", "--", "ip", "link", "set", "wan", "mtu", "1300", "address", "02:00:00:00:00:99"});
    }
    void expectHome() {
        EXPECT_TRUE(eventually([&] { return lent_->state() == before_; }))
            << lent_->state() << daemon().log();
        host_->shell("ip link del lent0; ip link del br0");
    }
    [[nodiscard]] std::string hostLinks() const {
        return host_->shell("ip -o link show | cut -d: -f2 | cut -d@ -f1 | xargs");
    }

    std::optional<LentLink> lent_;
    std::string before_;
};

TEST_F(LinkSystem, ComesHomeAsItWasOnReturn) {
    lend();
    EXPECT_NE(nsctl({"link", "list", "web"}).find("lent0"), std::string::npos);
    nsctl({"link", "return", "web", "wan"});
    expectHome();
    destroy("web");
}

TEST_F(LinkSystem, ComesHomeAsItWasOnDestroy) {
    lend();
    destroy("web");
    expectHome();
}

TEST_F(LinkSystem, ComesHomeAsItWasWithTheLastLease) {
    lend({"--lease"});
    nsctl({"hold", "web", "--", "true"});
    expectHome();
    EXPECT_TRUE(eventually([&] { return nsctl({"list", "--no-legend"}).empty(); }));
}

TEST_F(LinkSystem, ComesHomeAsItWasWhenItsTimeIsOver) {
    lend({"--ttl", "2s"});
    expectHome();
}

TEST_F(LinkSystem, ComesHomeAsItWasFromADaemonThatWasKilled) {
    lend();
    daemon().kill9();
    daemon().start();
    nsctl({"exec", "web", "--", "ip", "link", "set", "wan", "name", "renamed"});
    nsctl({"link", "return", "web", "renamed"});
    EXPECT_EQ(lent_->state(), before_);
    nsctl({"link", "move", "web", "lent0", "--name", "wan"});
    daemon().kill9();
    daemon().start();
    destroy("web");
    expectHome();
}

TEST_F(LinkSystem, AClashAtHomeIsAFreeNameThatTheLogSays) {
    lend();
    host_->shell("ip link add lent0 type veth peer name other0");
    nsctl({"link", "return", "web", "wan"});
    EXPECT_TRUE(eventually([&] {
        return daemon().log().find("is back on the host as") != std::string::npos;
    })) << daemon().log();
    host_->shell("ip link set lent0-1 down");
    nsctl({"link", "move", "web", "lent0-1"});
    host_->shell("ip link add lent0-1 type veth peer name other1");
    const auto said = daemon().nsctl({"destroy", "web"});
    EXPECT_EQ(said.status, 0);
    EXPECT_NE(said.err.find("lent0-1"), std::string::npos) << said.err;
    host_->shell("ip link del lent0; ip link del lent0-1; ip link del far0; ip link del br0");
    EXPECT_EQ(hostLinks(), "lo");
}

TEST_F(LinkSystem, WhatCannotMoveIsSaidAndStays) {
    host_->shell("ip link add br0 type bridge; ip link add v0 type veth peer name v1");
    nsctl({"create", "web"});
    nsctl({"link", "add", "web", "--veth", "taken:v2"});
    const auto refused = [&](const Arguments& line) {
        const auto result = daemon().nsctl(line);
        EXPECT_EQ(result.status, 1) << result.out;
        EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
        return result.err;
    };
    EXPECT_NE(refused({"link", "move", "web", "none0"}).find("none0"), std::string::npos);
    EXPECT_NE(refused({"link", "move", "web", "lo"}).find("lo"), std::string::npos);
    EXPECT_NE(refused({"link", "move", "web", "v0", "--name", "taken"}).find("taken"), std::string::npos);
    EXPECT_NE(refused({"link", "add", "web", "--veth", "new0:v0"}).find("v0"), std::string::npos);
    EXPECT_NE(refused({"create", "x", "--link", "a:x0", "--link", "b:v0"}).find("v0"), std::string::npos);
    EXPECT_NE(
        refused({"create", "x", "--link", "a:x0,addr=10.0.0.256/8"}).find("10.0.0.256"), std::string::npos);
    EXPECT_EQ(hostLinks(), "lo br0 v1 v0 v2");
    EXPECT_EQ(nsctl({"list", "--no-legend"}).substr(0, 4), "web ");
    destroy("web");
    EXPECT_EQ(hostLinks(), "lo br0 v1 v0");
    host_->shell("ip link del v0; ip link del br0");
}

TEST_F(LinkSystem, ALinkWithTheHostCarriesAndGoesWithItsNamespace) {
    nsctl({"create", "web", "--link",
        "up0:web0,addr=10.77.0.2/24,peer-addr=10.77.0.1/24,route=default via 10.77.0.1,mtu=1400"});
    EXPECT_NE(nsctl({"exec", "web", "ip", "route"}).find("default via 10.77.0.1"), std::string::npos);
    EXPECT_NE(host_->shell("ip link show web0").find("mtu 1400"), std::string::npos);
    EXPECT_NE(nsctl({"list", "--links"}).find("10.77.0.2/24"), std::string::npos);
    EXPECT_NE(nsctl({"show", "web", "--json=short"}).find("10.77.0.2/24"), std::string::npos);
    destroy("web");
    EXPECT_EQ(hostLinks(), "lo");
}

// Two files in the wrong order, joined by a link that one of them has.
TEST_F(LinkSystem, DeclaredNamespacesReachEachOther) {
    const auto directory = daemon().directory() / "etc/namespaces.d";
    std::filesystem::create_directories(directory);
    writeFile(directory / "a.json", R"({"links": [{"name": "mid", "peer": "mid", "peer-namespace": "b",
        "addresses": ["10.78.0.1/24"], "peer-addresses": ["10.78.0.2/24"]}]})");
    writeFile(directory / "b.json", "{}");
    ::kill(daemon().pid(), SIGHUP);
    ASSERT_TRUE(eventually([&] {
        const auto shown = daemon().nsctl({"show", "a", "--json=short"});
        return shown.out.find(R"("state":"ready")") != std::string::npos;
    })) << daemon().log();
    // Nobody listens there, which the other side says: so it was reached.
    for (const auto& [from, to] : {std::pair("a", "10.78.0.2"), std::pair("b", "10.78.0.1")}) {
        const auto knock = daemon().nsctl({"exec", from, "--", "timeout", "10", "bash", "-c",
            std::string("exec 3<>/dev/tcp/") + to + "/9"});
        EXPECT_NE(knock.err.find("Connection refused"), std::string::npos) << knock.err;
    }
    daemon().kill9();
    daemon().start();
    EXPECT_NE(
        nsctl({"exec", "b", "ip", "-4", "addr", "show", "mid"}).find("10.78.0.2/24"), std::string::npos);
    destroy("b", {"--force"});
    EXPECT_TRUE(eventually([&] {
        return nsctl({"exec", "a", "--", "ip", "-o", "link"}).find("mid") == std::string::npos;
    }));
    std::filesystem::remove(directory / "a.json");
    std::filesystem::remove(directory / "b.json");
    destroy("a", {"--force"});
    EXPECT_EQ(hostLinks(), "lo");
}

} // namespace
} // namespace nsd::test
