// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What nsd is for: a namespace with a name, which lives on whatever happens to nsd.
#include "tests/support/system_test.hpp"

#include "tests/support/mount_table.hpp"
#include "tests/system/manager_calls.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace nsd::test {
namespace {

class MainJob : public SystemTest {
  protected:
    nlohmann::json show(const std::string& name) {
        return nlohmann::json::parse(nsctl({"show", name, "--json=pretty"}));
    }
};

TEST_F(MainJob, ACreatedNetworkHasItsLoopbackUp) {
    nsctl({"create", "web"});
    const auto links = nsctl({"exec", "web", "ip", "-br", "link"});
    EXPECT_TRUE(links.starts_with("lo ")) << links;
    EXPECT_NE(links.find("<LOOPBACK,UP,LOWER_UP>"), std::string::npos) << links;
    EXPECT_EQ(links.find('\n'), std::string::npos) << "more than lo: " << links;
    mustDie("web");
    destroy("web");
}

TEST_F(MainJob, EveryWayInLeadsToTheSameNamespace) {
    nsctl({"create", "web"});
    const auto inode = std::to_string(inodeOf(daemon().pin("web", "net")));
    const Arguments ask{"stat", "-L", "-c", "%i", "/proc/self/ns/net"};

    Arguments byPath{"nsenter", "--net=" + daemon().pin("web", "net").string()};
    byPath.insert(byPath.end(), ask.begin(), ask.end());
    EXPECT_EQ(mustRun(byPath), inode);

    Arguments byNsctl{"exec", "web"};
    byNsctl.insert(byNsctl.end(), ask.begin(), ask.end());
    EXPECT_EQ(nsctl(byNsctl), inode);

    auto fds = enterOverBus(daemon().busAddress(), "web", {"net"});
    ASSERT_EQ(fds.size(), 1U);
    EXPECT_EQ(std::to_string(inodeOf("/proc/self/fd/" + std::to_string(fds.at("net").get()))), inode);

    EXPECT_EQ(nsctl({"identify", daemon().pin("web", "net")}), "web net");
    fds.clear(); // or this test is a holder
    destroy("web");
}

TEST_F(MainJob, BusctlGetsADescriptor) {
    NSD_REQUIRE_PROGRAM("busctl");
    nsctl({"create", "web"});
    const auto answer = mustRun({"busctl", "--address=" + daemon().busAddress(), "call", "org.nsd1",
        "/org/nsd1", "org.nsd1.Manager", "Enter", "sasa{sv}", "web", "1", "net", "0"});
    EXPECT_TRUE(answer.starts_with("a{sh} 1 \"net\" ")) << answer;
    destroy("web");
}

TEST_F(MainJob, KillAndStartKeepTheSameNamespace) {
    nsctl({"create", "web", "-t", "net,uts", "--label", "env=test", "--hostname", "inside"});
    const auto before = show("web");
    daemon().kill9();
    daemon().start();
    EXPECT_EQ(show("web"), before);
    EXPECT_EQ(before.at("inodes").at("net"), inodeOf(daemon().pin("web", "net")));
    EXPECT_EQ(nsctl({"exec", "web", "hostname"}), "inside");
    mustDie("web");
    destroy("web");
}

TEST_F(MainJob, AProcess1OutlivesTheDaemon) {
    nsctl({"create", "box", "-t", "pid"});
    const auto inits = daemon().inits();
    ASSERT_EQ(inits.size(), 1U);
    daemon().kill9();
    daemon().start();
    EXPECT_EQ(daemon().inits(), inits);
    EXPECT_EQ(show("box").at("state"), "ready");
    nsctl({"exec", "box", "true"});
    mustDie("box");
    destroy("box");
}

TEST_F(MainJob, TheEndOfTheDaemonLeavesThePins) {
    nsctl({"create", "web"});
    const auto inode = inodeOf(daemon().pin("web", "net"));
    EXPECT_EQ(daemon().terminate(), 0);
    EXPECT_EQ(inodeOf(daemon().pin("web", "net")), inode);
    EXPECT_EQ(MountTable::read("self").below(daemon().pin("web", "net")).size(), 1U);
    daemon().start();
    destroy("web");
}

TEST_F(MainJob, ADeadProcess1MakesTheNamespaceDegraded) {
    nsctl({"create", "box", "-t", "pid"});
    ASSERT_EQ(daemon().inits().size(), 1U);
    ::kill(daemon().inits().front(), SIGKILL);
    EXPECT_TRUE(eventually([&] { return show("box").at("state") == "degraded"; }));
    EXPECT_EQ(daemon().nsctl({"exec", "box", "true"}).status, 125);
    destroy("box");
}

TEST_F(MainJob, ARenameMovesThePins) {
    nsctl({"create", "old"});
    const auto uuid = show("old").at("uuid");
    const auto inode = inodeOf(daemon().pin("old", "net"));
    nsctl({"rename", "old", "new"});
    EXPECT_EQ(inodeOf(daemon().pin("new", "net")), inode);
    EXPECT_EQ(show("new").at("uuid"), uuid);
    EXPECT_EQ(daemon().nsctl({"show", "old"}).status, 1);
    destroy("new");
}

TEST_F(MainJob, ANamespaceWithATimeToLiveGoesAlsoAfterARestart) {
    nsctl({"create", "brief", "-t", "uts", "--ttl", "1s"});
    mustDie("brief");
    daemon().kill9();
    daemon().start();
    EXPECT_TRUE(eventually([&] { return nsctl({"list", "--no-legend"}).empty(); }));
}

TEST_F(MainJob, AHolderIsNamedAndTheNameIsFreeAtOnce) {
    nsctl({"create", "web"});
    BackgroundProcess holder({"nsenter", "--net=" + daemon().pin("web", "net").string(), "sleep", "1000"});
    const auto pin = inodeOf(daemon().pin("web", "net"));
    ASSERT_TRUE(
        eventually([&] { return inodeOf("/proc/" + std::to_string(holder.pid()) + "/ns/net") == pin; }));
    const auto held = daemon().nsctl({"destroy", "web", "--timeout", "100ms"});
    EXPECT_EQ(held.status, 0) << held.err;
    EXPECT_NE(held.err.find("sleep"), std::string::npos) << held.err;
    nsctl({"create", "web"});
    holder.kill();
    destroy("web");
}

TEST_F(MainJob, ForceKillsWhoIsInside) {
    nsctl({"create", "web"});
    BackgroundProcess inside({"nsenter", "--net=" + daemon().pin("web", "net").string(), "sleep", "1000"});
    const auto pin = inodeOf(daemon().pin("web", "net"));
    ASSERT_TRUE(
        eventually([&] { return inodeOf("/proc/" + std::to_string(inside.pid()) + "/ns/net") == pin; }));
    mustDie("web");
    destroy("web", {"--force"});
    EXPECT_EQ(inside.wait(std::chrono::seconds(10)), 128 + SIGKILL);
}

} // namespace
} // namespace nsd::test
