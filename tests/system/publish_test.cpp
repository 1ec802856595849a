// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Beside the real ip-netns(8): what nsd publishes is to be seen and used there, can be taken away there, and
// nobody else's is ever touched.
#include "tests/support/mount_table.hpp"
#include "tests/support/private_run.hpp"
#include "tests/support/system_test.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sys/mount.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

class Publish : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE_PROGRAM("ip");
        usePrivateNetnsNames();
        SystemTest::SetUp();
    }
    static std::string ip(const Arguments& arguments) {
        Arguments command{"ip", "netns"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return mustRun(command);
    }
    // The inode of the network namespace in which ip runs a command under this name.
    static std::uint64_t networkOf(const std::string& name) {
        return std::stoull(ip({"exec", name, "stat", "--dereference", "--format=%i", "/proc/self/ns/net"}));
    }
    static bool isThere(const std::string& name) { return fs::exists("/run/netns/" + name); }
    nlohmann::json show(const std::string& name) {
        return nlohmann::json::parse(nsctl({"show", name, "--json=short"}));
    }
    static std::vector<Mount> mountsOf(const std::string& process) {
        auto mounts = MountTable::read(process).below("/run/netns");
        std::erase_if(mounts, [](const Mount& mount) {
            return mount.point != "/run/netns" || mount.fsType != "tmpfs"; // else it is the host's, below
        });
        return mounts;
    }
};

TEST_F(Publish, IpListsItAndRunsCommandsInIt) {
    nsctl({"create", "web", "--publish"});
    mustDie("web");
    EXPECT_NE(ip({"list"}).find("web"), std::string::npos);
    EXPECT_EQ(networkOf("web"), inodeOf(daemon().pin("web", "net")));
    EXPECT_EQ(show("web").at("published"), "/run/netns/web");
    EXPECT_FALSE(fs::is_symlink("/run/netns/web"));
    destroy("web");
    EXPECT_EQ(ip({"list"}), "");
    EXPECT_FALSE(isThere("web"));
}

TEST_F(Publish, IpDelTakesTheNameAndNeverTheNamespace) {
    nsctl({"create", "web", "--publish"});
    const auto net = inodeOf(daemon().pin("web", "net"));
    ip({"del", "web"});
    EXPECT_EQ(inodeOf(daemon().pin("web", "net")), net);
    nsctl({"exec", "web", "ip", "link"});
    EXPECT_EQ(show("web").at("published"), "");
    EXPECT_EQ(show("web").at("state"), "ready");
    daemon().kill9();
    daemon().start();
    EXPECT_FALSE(isThere("web")) << "the administrator took it away";
    EXPECT_EQ(inodeOf(daemon().pin("web", "net")), net);
    destroy("web");
}

TEST_F(Publish, ATakenNameIsLeftToItsOwner) {
    ip({"add", "web"});
    const auto net = networkOf("web");
    const auto refused = daemon().nsctl({"create", "web", "--publish"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.err.find("\"/run/netns/web\" is there already"), std::string::npos) << refused.err;
    EXPECT_FALSE(daemon().nsctl({"show", "web"}).ok());
    nsctl({"create", "www", "--publish"});
    EXPECT_EQ(daemon().nsctl({"rename", "www", "web"}).status, 1);
    EXPECT_EQ(networkOf("www"), inodeOf(daemon().pin("www", "net")));
    EXPECT_EQ(networkOf("web"), net);
    destroy("www");
    ip({"del", "web"});
}

TEST_F(Publish, WhatIpMadeUnderItsNameMeanwhileStays) {
    nsctl({"create", "web", "--publish"});
    ip({"del", "web"});
    ip({"add", "web"});
    const auto net = networkOf("web");
    EXPECT_EQ(show("web").at("published"), "");
    destroy("web");
    EXPECT_EQ(networkOf("web"), net);
    ip({"del", "web"});
}

TEST_F(Publish, FollowsARename) {
    nsctl({"create", "web", "--publish"});
    nsctl({"rename", "web", "www"});
    EXPECT_FALSE(isThere("web"));
    EXPECT_EQ(networkOf("www"), inodeOf(daemon().pin("www", "net")));
    destroy("www");
    EXPECT_FALSE(isThere("www"));
}

TEST_F(Publish, EndsWithTheTimeOfTheNamespace) {
    nsctl({"create", "short", "--publish", "--ttl", "500ms"});
    nsctl({"create", "held", "--publish", "--lease"});
    nsctl({"hold", "held", "true"});
    EXPECT_TRUE(eventually([] { return !isThere("short") && !isThere("held"); }));
    EXPECT_TRUE(eventually([&] { return nsctl({"list"}).empty(); }));
}

TEST_F(Publish, IsKnownAfterAKill) {
    nsctl({"create", "web", "--publish"});
    daemon().kill9();
    EXPECT_EQ(networkOf("web"), inodeOf(daemon().pin("web", "net")));
    daemon().start();
    EXPECT_EQ(show("web").at("published"), "/run/netns/web");
    destroy("web");
    EXPECT_FALSE(isThere("web"));
}

TEST_F(Publish, APersistentOneIsPublishedAgainWhenItIsMadeAgain) {
    nsctl({"create", "web", "--publish", "--persistent"});
    const auto file = readFile(daemon().directory() / "state/namespaces.d/web.json");
    EXPECT_NE(file.find("\"publish\": true"), std::string::npos) << file;
    destroy("web");
    fs::create_directory(daemon().directory() / "etc/namespaces.d");
    writeFile(daemon().directory() / "etc/namespaces.d/web.json", "{\"publish\": true}");
    daemon().restart();
    EXPECT_TRUE(eventually([] { return isThere("web"); }));
    EXPECT_TRUE(eventually([&] { return show("web").at("state") == "ready"; }));
    EXPECT_EQ(networkOf("web"), inodeOf(daemon().pin("web", "net")));
    destroy("web", {"--force"});
}

TEST_F(Publish, MakesTheDirectoryAsIpDoes) {
    ASSERT_EQ(::umount2("/run/netns", MNT_DETACH), 0);
    fs::remove("/run/netns");
    nsctl({"create", "web", "--publish"});
    ip({"add", "other"});
    const auto mounts = mountsOf("self");
    ASSERT_EQ(mounts.size(), 1U);
    EXPECT_TRUE(mounts[0].optional.starts_with("shared:")) << mounts[0].optional;
    EXPECT_EQ(networkOf("web"), inodeOf(daemon().pin("web", "net")));
    ip({"del", "other"});
    destroy("web");
}

TEST_F(Publish, NoServiceKeepsItAlive) {
    // As one that systemd has given a mount namespace, and one that copied all that there was.
    nsctl({"create", "web", "--publish"});
    mustDie("web");
    const BackgroundProcess slave({"unshare", "--mount", "--propagation", "slave", "sleep", "1000"});
    const BackgroundProcess copy({"unshare", "--mount", "--propagation", "private", "sleep", "1000"});
    const auto sees = [](const BackgroundProcess& process) {
        const auto mounts = MountTable::read(std::to_string(process.pid())).below("/run/netns/web");
        return inodeOf("/proc/" + std::to_string(process.pid()) + "/ns/mnt") !=
                   inodeOf("/proc/self/ns/mnt") &&
               !mounts.empty();
    };
    EXPECT_TRUE(eventually([&] { return sees(slave) && sees(copy); }));
    destroy("web");
    EXPECT_FALSE(sees(slave) || sees(copy));
}

TEST_F(Publish, ItsNumberIsTheOneThatIpKnows) {
    nsctl({"create", "web", "--publish"});
    nsctl({"create", "box", "-t", "uts"});
    const auto number = show("web").at("nsid").get<unsigned>();
    const auto line = "nsid " + std::to_string(number) + " (iproute2 netns name: web)";
    EXPECT_NE(ip({"list-id"}).find(line), std::string::npos) << ip({"list-id"});
    EXPECT_FALSE(show("box").contains("nsid"));
    daemon().restart();
    EXPECT_EQ(show("web").at("nsid"), number);
    destroy("box");
    destroy("web");
}

} // namespace
} // namespace nsd::test
