// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Networks of CNI plugins, with the real nsd and the distribution's plugins. The "host" is a network
// namespace of the test's own in which nsd runs, and host-local keeps its leases in the test's directory.
#include "tests/support/process_table.hpp"
#include "tests/support/system_test.hpp"

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class CniNetwork : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        for (const auto* program : {"ip", "socat", "nft", "iptables", "unshare", "nsenter"})
            NSD_REQUIRE_PROGRAM(program);
        NSD_REQUIRE(fs::exists("/usr/lib/cni/bridge"), "package containernetworking-plugins");
        host_ = std::make_unique<BackgroundProcess>(
            Arguments{"unshare", "--net", "sleep", "infinity"}, CommandOptions(), files_ / "host.log");
        const auto own = inodeOf("/proc/self/ns/net");
        ASSERT_TRUE(eventually([&] { return fs::exists(hostFile()) && inodeOf(hostFile()) != own; }));
        onHost({"ip", "link", "set", "lo", "up"});
        fs::create_directory(files_ / "plugins");
        SystemTest::SetUp();
    }

    void TearDown() override {
        SystemTest::TearDown();
        host_.reset();
    }

    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.wrapper = {"nsenter", "--net=" + hostFile()};
        options.settings = R"({"cni": {"path": [")" + (files_ / "plugins").string() +
                           R"(", "/usr/lib/cni"], "timeout": 3}})";
        return options;
    }

    [[nodiscard]] std::string hostFile() const { return "/proc/" + std::to_string(host_->pid()) + "/ns/net"; }
    // What a command prints that runs on the host.
    std::string onHost(Arguments command) {
        command.insert(command.begin(), {"nsenter", "--net=" + hostFile()});
        const auto result = run(command);
        EXPECT_EQ(result.status, 0) << command.back() << ": " << result.err;
        return result.out;
    }
    [[nodiscard]] bool isLinkOnHost(const std::string& kind) {
        return !onHost({"ip", "-o", "link", "show", "type", kind}).empty();
    }
    // Addresses that host-local has given away.
    [[nodiscard]] std::vector<std::string> addresses() const {
        std::vector<std::string> found;
        if (fs::exists(files_ / "leases/lan"))
            for (const auto& entry : fs::directory_iterator(files_ / "leases/lan"))
                if (const auto leaf = entry.path().filename().string(); leaf.starts_with("10."))
                    found.push_back(leaf);
        return found;
    }
    [[nodiscard]] Json bridge() const {
        return {{"type", "bridge"}, {"bridge", "br-lan"}, {"isGateway", true}, {"ipMasq", true},
            {"ipam", {{"type", "host-local"}, {"dataDir", files_ / "leases"}, {"subnet", "10.9.0.0/24"},
                         {"routes", {{{"dst", "0.0.0.0/0"}}}}}}};
    }
    [[nodiscard]] static Json conflist(const Json& plugins) {
        return {{"cniVersion", "1.0.0"}, {"name", "lan"}, {"plugins", plugins}};
    }
    std::string file(const Json& conflist) {
        const auto path = files_ / "lan.conflist";
        writeFile(path, conflist.dump(2));
        return path;
    }
    // A plugin of the test's own.
    void writePlugin(const std::string& name, const std::string& script) {
        const auto path = files_ / "plugins" / name;
        writeFile(path, "#!/bin/sh\n" + script);
        fs::permissions(path, fs::perms::owner_all);
    }
    void writeDefinition(const std::string& name, const Json& definition) {
        const auto directory = daemon().directory() / "etc/namespaces.d";
        fs::create_directories(directory);
        writeFile(directory / (name + ".json"), definition.dump());
    }
    [[nodiscard]] Json shown(const std::string& name) {
        const auto result = daemon().nsctl({"show", name, "--json=short"});
        return result.ok() ? Json::parse(result.out) : Json();
    }
    // What a process in the namespace hears from a server on the host, at the address of the gateway.
    std::string heardIn(const std::string& name) {
        const BackgroundProcess server({"nsenter", "--net=" + hostFile(), "socat",
            "TCP-LISTEN:7777,reuseaddr,fork", "SYSTEM:echo hello"});
        std::string heard;
        EXPECT_TRUE(eventually([&] {
            const auto result =
                daemon().nsctl({"exec", name, "socat", "-T5", "-", "TCP:10.9.0.1:7777,connect-timeout=5"});
            heard = result.out;
            return result.ok();
        }));
        return heard.substr(0, heard.find('\n'));
    }
    // What of namespaces is left on the host: nothing.
    void expectNothingLeft() {
        EXPECT_FALSE(isLinkOnHost("veth"));
        EXPECT_EQ(addresses(), std::vector<std::string>());
        EXPECT_EQ(onHost({"nft", "list", "ruleset"}).find("10.9.0."), std::string::npos);
        EXPECT_TRUE(fs::is_empty(daemon().directory() / "state/cni"));
    }

    TempDir files_;
    std::unique_ptr<BackgroundProcess> host_;
};

TEST_F(CniNetwork, ADeclaredNamespaceReachesTheHostAndLeavesNothingBehind) {
    writeDefinition("web", {{"cni", conflist({bridge(), {{"type", "firewall"}}})}});
    ::kill(daemon().pid(), SIGHUP);
    ASSERT_TRUE(eventually([&] { return shown("web").value("state", "") == "ready"; })) << daemon().log();
    mustDie("web");
    EXPECT_EQ(heardIn("web"), "hello");
    EXPECT_EQ(addresses(), std::vector<std::string>{"10.9.0.2"});
    EXPECT_NE(onHost({"nft", "list", "ruleset"}).find("10.9.0.2"), std::string::npos);
    destroy("web", {"--force"});
    expectNothingLeft();
}

TEST_F(CniNetwork, ShowTellsLinksAddressesAndGateways) {
    nsctl({"create", "web", "--cni", file(conflist(Json::array({bridge()})))});
    const auto links = shown("web")["cni"];
    ASSERT_EQ(links.size(), 3U) << links;
    EXPECT_EQ(links[0]["link"], "eth0");
    EXPECT_EQ(links[0]["side"], "inside");
    EXPECT_EQ(links[0]["addresses"], (Json{"10.9.0.2/24"}));
    EXPECT_EQ(links[0]["gateways"], (Json{"10.9.0.1"}));
    EXPECT_NE(nsctl({"show", "web"}).find("via 10.9.0.1"), std::string::npos);
    destroy("web");
}

TEST_F(CniNetwork, ARenamedOneIsTakenDownByItsOwnName) {
    nsctl({"create", "web", "--cni", file(conflist({bridge(), {{"type", "firewall"}}}))});
    nsctl({"rename", "web", "shop"});
    daemon().kill9();
    daemon().start();
    EXPECT_EQ(heardIn("shop"), "hello");
    destroy("shop");
    expectNothingLeft();
}

TEST_F(CniNetwork, PortsOfTheHostLeadInsideAsLongAsItLives) {
    auto list = conflist({bridge(), {{"type", "portmap"}, {"capabilities", {{"portMappings", true}}}}});
    list["runtimeConfig"] = {
        {"portMappings", {{{"hostPort", 8080}, {"containerPort", 80}, {"protocol", "tcp"}}}}};
    nsctl({"create", "web", "--cni", file(list)});
    EXPECT_NE(onHost({"nft", "list", "ruleset"}).find("10.9.0.2:80"), std::string::npos);
    destroy("web");
    expectNothingLeft();
}

TEST_F(CniNetwork, PointToPointAndMacvlanLeaveNothing) {
    auto ptp = bridge();
    ptp["type"] = "ptp";
    ptp.erase("bridge");
    ptp.erase("isGateway");
    nsctl({"create", "web", "--cni", file(conflist(Json::array({ptp})))});
    EXPECT_EQ(heardIn("web"), "hello");
    destroy("web");
    expectNothingLeft();
    onHost({"ip", "link", "add", "out", "type", "bridge"});
    onHost({"ip", "link", "set", "out", "up"});
    const Json macvlan = {{"type", "macvlan"}, {"master", "out"}, {"ipam", bridge()["ipam"]}};
    nsctl({"create", "web", "--cni", file(conflist(Json::array({macvlan})))});
    EXPECT_NE(nsctl({"exec", "web", "ip", "addr"}).find("10.9.0."), std::string::npos);
    destroy("web");
    expectNothingLeft();
}

TEST_F(CniNetwork, WhatAPluginComplainsAboutIsTheAnswer) {
    writePlugin("unhappy",
        R"([ "$CNI_COMMAND" = DEL ] || { echo '{"code": 100, "msg": "no", "details": "not today"}'; exit 1; })");
    const auto result =
        daemon().nsctl({"create", "web", "--cni", file(conflist({bridge(), {{"type", "unhappy"}}}))});
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.err, "nsctl: create web: cni: unhappy: no: not today (code 100)\n");
    expectNothingLeft();
}

TEST_F(CniNetwork, AMissingPluginIsFoundBeforeAnythingRuns) {
    const auto result =
        daemon().nsctl({"create", "web", "--cni", file(conflist({bridge(), {{"type", "nothere"}}}))});
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.err.find("there is no plugin \"nothere\""), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("containernetworking-plugins"), std::string::npos) << result.err;
    EXPECT_FALSE(isLinkOnHost("bridge"));
}

TEST_F(CniNetwork, BadFilesAreToldWithTheirPlace) {
    const auto complaint = [&](const std::string& path) {
        const auto result = daemon().nsctl({"create", "web", "--cni", path});
        EXPECT_EQ(result.status, 1);
        return result.err;
    };
    EXPECT_NE(complaint(file(conflist(Json::array({{{"type", "../../bin/sh"}}}))))
                  .find("/plugins/0/type: must be the name"),
        std::string::npos);
    EXPECT_NE(complaint(files_ / "none").find("No such file"), std::string::npos);
    EXPECT_NE(complaint("/dev/zero").find("more than 65536 bytes"), std::string::npos);
    EXPECT_NE(complaint("/dev/null").find("it is empty"), std::string::npos);
}

TEST_F(CniNetwork, AHangingPluginIsEndedWithItsChildrenAndTheRestTakenDown) {
    writePlugin("hangs", "[ \"$CNI_COMMAND\" = DEL ] && exit 0\nsetsid sleep 8371 &\nsleep 8371");
    const auto result =
        daemon().nsctl({"create", "web", "--cni", file(conflist({bridge(), {{"type", "hangs"}}}))});
    EXPECT_EQ(result.err, "nsctl: create web: cni: hangs: it did not end in time and was killed\n");
    expectNothingLeft();
    EXPECT_NE(run({"pgrep", "-xf", "sleep 8371"}).status, 0);
}

TEST_F(CniNetwork, ADelThatFailsIsToldAndTheNameIsFree) {
    writePlugin("stays",
        R"([ "$CNI_COMMAND" = ADD ] && { sed 's/.*"prevResult"://; s/,"type".*//'; exit 0; }; [ -e )" +
            (files_ / "well").string() + R"( ] || { echo '{"code": 7, "msg": "it stays"}'; exit 1; })");
    writePlugin("first", R"(echo '{"cniVersion": "1.0.0"}')");
    nsctl({"create", "web", "--cni", file(conflist({{{"type", "first"}}, {{"type", "stays"}}}))});
    const auto result = daemon().nsctl({"destroy", "web"});
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.err, "nsctl: destroy web: cni: stays: DEL: it stays (code 7)\n");
    EXPECT_NE(daemon().log().find("it stays"), std::string::npos);
    EXPECT_EQ(shown("web"), Json());
    // It is tried again, until it works.
    writeFile(files_ / "well", "");
    EXPECT_EQ(daemon().terminate(), 0);
    daemon().start();
    EXPECT_TRUE(eventually([&] { return fs::is_empty(daemon().directory() / "state/cni"); }))
        << daemon().log();
}

TEST_F(CniNetwork, KilledInTheMiddleOfAddItIsTakenDownAtTheNextStart) {
    writePlugin("slow",
        "[ \"$CNI_COMMAND\" = DEL ] && exit 0\ntouch " + (files_ / "reached").string() + "\nsleep 8372");
    const auto path = file(conflist({bridge(), {{"type", "firewall"}}, {{"type", "slow"}}}));
    BackgroundProcess creating(
        {TestDaemon::binary("nsctl"), "--bus=" + daemon().busAddress(), "create", "web", "--cni", path},
        CommandOptions(), files_ / "create.log");
    ASSERT_TRUE(eventually([&] { return fs::exists(files_ / "reached"); })) << daemon().log();
    EXPECT_TRUE(isLinkOnHost("veth"));
    daemon().kill9();
    daemon().start();
    EXPECT_TRUE(eventually([&] { return addresses().empty() && !isLinkOnHost("veth"); })) << daemon().log();
    EXPECT_TRUE(eventually([&] { return fs::is_empty(daemon().directory() / "state/cni"); }))
        << daemon().log();
    EXPECT_TRUE(eventually([&] { return fs::is_empty(daemon().runtimeDirectory() / "ns/.stage"); }));
    expectNothingLeft();
    EXPECT_NE(run({"pgrep", "-xf", "sleep 8372"}).status, 0);
}

// As after a reboot: the pins are gone, and what plugins keep on the disk is not.
TEST_F(CniNetwork, LeasesOfAnotherBootAreGivenBack) {
    nsctl({"create", "web", "--cni", file(conflist(Json::array({bridge()})))});
    const auto note = fs::directory_iterator(daemon().directory() / "state/cni")->path();
    const auto lease = files_ / "leases/lan" / addresses().at(0);
    const auto kept = run({"cat", note}).out;
    const auto keptLease = run({"cat", lease}).out;
    destroy("web");
    EXPECT_EQ(daemon().terminate(), 0);
    writeFile(note, kept);
    writeFile(lease, keptLease);
    daemon().start();
    EXPECT_TRUE(eventually([&] { return addresses().empty() && !fs::exists(note); })) << daemon().log();
}

TEST_F(CniNetwork, ItGoesWithItsTimeToLive) {
    nsctl({"create", "web", "--ttl", "1s", "--cni", file(conflist(Json::array({bridge()})))});
    mustDie("web");
    EXPECT_TRUE(eventually([&] { return addresses().empty() && !isLinkOnHost("veth"); })) << daemon().log();
}

TEST_F(CniNetwork, APersistentOneKeepsItsConflist) {
    nsctl({"create", "web", "--persistent", "--cni", file(conflist(Json::array({bridge()})))});
    const auto definition =
        Json::parse(run({"cat", daemon().directory() / "state/namespaces.d/web.json"}).out);
    EXPECT_EQ(definition["cni"], conflist(Json::array({bridge()})));
    destroy("web");
    expectNothingLeft();
}

} // namespace
} // namespace nsd::test
