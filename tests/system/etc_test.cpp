// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Files that a namespace has in /etc, on a host whose /etc is the test's own: a mount namespace in which nsd
// and nsctl run.
#include "tests/support/ordinary_users.hpp"

#include <filesystem>
#include <sstream>

namespace nsd::test {
namespace {

constexpr const char* ownText = "nameserver 10.0.0.1";

// A mount namespace with a copy of /etc, in which /etc/resolv.conf leads elsewhere; it stays however often
// nsd is started.
class OtherHost {
  public:
    OtherHost()
        : holder_({"unshare", "--mount", "--propagation=private", "sh", "-c",
              "cp -a /etc " + copy() + " && mount --bind " + copy() +
                  " /etc && rm -rf /etc/netns /etc/resolv.conf && echo elsewhere >" + stub() + " && ln -s " +
                  stub() + " /etc/resolv.conf && echo host >/etc/motd && touch " + ready() +
                  " && exec sleep inf"}) {
        if (!eventually([&] { return std::filesystem::exists(ready()); }, std::chrono::seconds(60)))
            throw std::runtime_error("the test's own /etc cannot be made");
    }

    // What a command begins with that runs there.
    [[nodiscard]] Arguments door() const {
        return {"nsenter", "--mount=/proc/" + std::to_string(holder_.pid()) + "/ns/mnt", "--"};
    }
    [[nodiscard]] std::filesystem::path etc() const { return directory_ / "etc"; }
    [[nodiscard]] std::string mounts() const {
        return readFile("/proc/" + std::to_string(holder_.pid()) + "/mountinfo");
    }
    // As editors and DHCP clients write: what was there is replaced.
    void replace(const std::string& name, const std::string& text) const {
        writeFile(etc() / (name + ".new"), text);
        std::filesystem::rename(etc() / (name + ".new"), etc() / name);
    }

  private:
    [[nodiscard]] std::string copy() const { return directory_ / "etc"; }
    [[nodiscard]] std::string stub() const { return directory_ / "stub"; }
    [[nodiscard]] std::string ready() const { return directory_ / "ready"; }

    TempDir directory_;
    BackgroundProcess holder_;
};

class Etc : public UserTest {
  protected:
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.wrapper = host_.door();
        return options;
    }

    [[nodiscard]] Arguments line(const Arguments& arguments, std::optional<uid_t> uid = std::nullopt) const {
        auto argv = host_.door();
        if (uid)
            argv.insert(argv.end(), {"setpriv", "--reuid=" + std::to_string(*uid),
                                        "--regid=" + std::to_string(*uid), "--clear-groups"});
        argv.push_back(TestDaemon::binary("nsctl"));
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        return argv;
    }
    [[nodiscard]] CommandOptions options() {
        CommandOptions options;
        options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
        return options;
    }
    CommandResult nsctlThere(const Arguments& arguments, std::optional<uid_t> uid = std::nullopt) {
        return run(line(arguments, uid), options());
    }
    std::string mustThere(const Arguments& arguments, std::optional<uid_t> uid = std::nullopt) {
        return mustRun(line(arguments, uid), options());
    }
    std::string inside(
        const std::string& name, const std::string& script, std::optional<uid_t> uid = std::nullopt) {
        return mustThere({"exec", name, "--", "sh", "-c", script}, uid);
    }
    // Without nsctl's own /proc/self/ns/mnt: by the daemon.
    [[nodiscard]] std::filesystem::path directoryWith(const std::string& name, const std::string& text) {
        const auto directory = files_ / "etc";
        std::filesystem::create_directories(directory);
        writeFile(directory / name, text);
        return directory;
    }
    void end(const std::string& name) {
        mustThere({"destroy", name});
        EXPECT_EQ(host_.mounts().find((daemon().runtimeDirectory() / "ns" / name).string() + "/"),
            std::string::npos);
    }

    OtherHost host_;
    TempDir files_;
};

TEST_F(Etc, ResolvConfIsItsOwnThoughTheHostsIsASymbolicLink) {
    const auto directory = directoryWith("resolv.conf", ownText);
    mustThere({"create", "web", "--etc", directory});
    EXPECT_EQ(inside("web", "cat /etc/resolv.conf; cat /etc/motd"), std::string(ownText) + "host");
    EXPECT_EQ(mustRun({"cat", host_.etc() / "resolv.conf"}), "elsewhere");
    EXPECT_NE(mustThere({"show", "web"}).find("resolv.conf"), std::string::npos);
    end("web");
}

TEST_F(Etc, AProcessKeepsItsOwnWhenTheHostReplacesTheFile) {
    mustThere({"create", "web", "--etc", directoryWith("resolv.conf", std::string(ownText) + "\n")});
    const auto said = (files_ / "said").string();
    const auto go = (files_ / "go").string();
    auto argv = line({"exec", "web", "--", "sh", "-c",
        "cat /etc/resolv.conf; echo ready; while [ ! -e " + go +
            " ]; do sleep 0.02; done; cat /etc/resolv.conf /etc/motd"});
    BackgroundProcess process(argv, options(), said);
    const std::string first = std::string(ownText) + "\nready\n";
    ASSERT_TRUE(eventually([&] { return readFile(said) == first; })) << readFile(said);
    host_.replace("resolv.conf", "the host's new one\n");
    host_.replace("motd", "new\n");
    writeFile(go, "");
    EXPECT_EQ(process.wait(std::chrono::seconds(10)), 0);
    EXPECT_EQ(readFile(said), first + ownText + "\nnew\n");
    EXPECT_EQ(inside("web", "cat /etc/resolv.conf"), ownText);
    end("web");
}

TEST_F(Etc, WhatTheHostChangesElsewhereIsSeen) {
    mustThere({"create", "web", "--etc", directoryWith("resolv.conf", ownText)});
    EXPECT_EQ(inside("web", "cat /etc/motd"), "host");
    host_.replace("motd", "second\n");
    EXPECT_EQ(inside("web", "cat /etc/motd"), "second") << "by the next command";
    EXPECT_EQ(inside("web", "cat /etc/later 2>/dev/null || echo none"), "none");
    writeFile(host_.etc() / "later", "later\n");
    EXPECT_EQ(inside("web", "cat /etc/later"), "later");
    EXPECT_EQ(inside("web", "touch /etc/x 2>&1 || true").find("Read-only") == std::string::npos, false);
    end("web");
}

TEST_F(Etc, ARunningCommandSeesItToo) {
    mustThere({"create", "web", "--etc", directoryWith("resolv.conf", ownText)});
    const auto said = (files_ / "said").string();
    BackgroundProcess process(
        line({"exec", "web", "--", "sh", "-c",
            "while [ \"$(cat /etc/motd)\" != third ]; do echo waiting; sleep 0.05; done; echo seen"}),
        options(), said);
    ASSERT_TRUE(eventually([&] { return readFile(said).starts_with("waiting"); }));
    host_.replace("motd", "third\n");
    EXPECT_EQ(process.wait(std::chrono::seconds(10)), 0) << readFile(said);
    end("web");
}

TEST_F(Etc, FilesOfIproute2CountUnlessItHasItsOwn) {
    std::filesystem::create_directories(host_.etc() / "netns/web");
    writeFile(host_.etc() / "netns/web/resolv.conf", "of netns\n");
    writeFile(host_.etc() / "netns/web/hosts", "of netns\n");
    std::filesystem::create_directory(host_.etc() / "netns/web/ssl");
    mustThere({"create", "web"});
    EXPECT_EQ(inside("web", "cat /etc/resolv.conf /etc/hosts"), "of netns\nof netns");
    EXPECT_NE(daemon().log().find("\"ssl\" is no regular file"), std::string::npos);
    end("web");
    mustThere({"create", "web", "--etc", directoryWith("resolv.conf", "own\n")});
    EXPECT_EQ(inside("web", "cat /etc/resolv.conf /etc/hosts"), "own\nof netns");
    mustThere({"rename", "web", "shop"});
    EXPECT_EQ(inside("shop", "cat /etc/resolv.conf"), "own");
    end("shop");
}

TEST_F(Etc, AUserGivesHisOwnNetworksFilesAndNoOthers) {
    const auto directory = directoryWith("resolv.conf", ownText);
    std::filesystem::permissions(files_.path(), std::filesystem::perms(0755));
    mustThere({"create", "--rootless", "--map-root", "box", "--etc", directory}, user);
    EXPECT_EQ(inside("box", "cat /etc/resolv.conf; umount /etc 2>/dev/null; cat /etc/resolv.conf", user),
        std::string(ownText) + ownText);
    EXPECT_EQ(inside("box", "cat /etc/resolv.conf"), ownText);
    end("box");
    writeFile(directory / "ld.so.preload", "/tmp/his.so\n");
    const auto refused = nsctlThere({"create", "--rootless", "box", "--etc", directory}, user);
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.err.find("\"ld.so.preload\""), std::string::npos) << refused.err;
    EXPECT_EQ(nsctlThere({"list", "--no-legend"}).out, "");
}

TEST_F(Etc, OfAnotherUserIsRefused) {
    const auto directory = directoryWith("resolv.conf", ownText);
    std::filesystem::permissions(files_.path(), std::filesystem::perms(0755));
    mustRun({"chown", "-R", std::to_string(another), directory});
    const auto refused = nsctlThere({"create", "--rootless", "box", "--etc", directory}, user);
    EXPECT_NE(refused.err.find("belongs to uid 34"), std::string::npos) << refused.err;
    EXPECT_EQ(nsctlThere({"list", "--no-legend"}).out, "");
}

TEST_F(Etc, NeedsANetworkAndNoMountsOfItsOwn) {
    const auto directory = directoryWith("resolv.conf", ownText);
    EXPECT_NE(nsctlThere({"create", "box", "-t", "uts", "--etc", directory}).err.find("needs type net"),
        std::string::npos);
    EXPECT_NE(nsctlThere({"create", "box", "-t", "net,mnt", "--etc", directory}).err.find("exclude"),
        std::string::npos);
    EXPECT_EQ(nsctlThere({"list", "--no-legend"}).out, "");
}

TEST_F(Etc, SurvivesAKilledDaemonAndGoesWithTheNamespace) {
    mustThere({"create", "web", "--etc", directoryWith("resolv.conf", ownText)});
    daemon().kill9();
    daemon().start();
    EXPECT_EQ(inside("web", "cat /etc/resolv.conf"), ownText);
    EXPECT_NE(mustThere({"show", "web"}).find("resolv.conf"), std::string::npos);
    end("web");
}

TEST_F(Etc, IsPartOfADeclarationAndOfTheSettings) {
    const auto configuration = daemon().directory() / "etc";
    std::filesystem::create_directory(configuration / "namespaces.d");
    writeFile(configuration / "nsd.json", R"({"etc": {"hosts": "default\n", "motd": "default\n"}})");
    writeFile(configuration / "namespaces.d/front.json", R"({"etc": {"hosts": "declared\n"}})");
    daemon().restart();
    ASSERT_TRUE(eventually([&] { return nsctlThere({"exec", "front", "--", "true"}).ok(); }));
    EXPECT_EQ(inside("front", "cat /etc/hosts /etc/motd"), "declared\ndefault");
    mustThere({"create", "--persistent", "lasting", "--etc", directoryWith("resolv.conf", ownText)});
    EXPECT_NE(
        readFile(daemon().directory() / "state/namespaces.d/lasting.json").find(ownText), std::string::npos);
    mustThere({"destroy", "lasting"});
    mustThere({"destroy", "--force", "front"});
}

} // namespace
} // namespace nsd::test
