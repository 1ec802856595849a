// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Namespaces that files declare, and persistent ones, with the real nsd.
#include "tests/support/system_test.hpp"

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sys/mount.h>
#include <sys/stat.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class DeclaredStart : public SystemTest {
  protected:
    [[nodiscard]] fs::path definition(const std::string& name) {
        return daemon().directory() / "etc/namespaces.d" / (name + ".json");
    }
    void declare(const std::string& name, const std::string& text) {
        fs::create_directories(definition(name).parent_path());
        writeFile(definition(name), text);
    }
    [[nodiscard]] fs::path stateFile(const std::string& name) {
        return daemon().directory() / "state/namespaces.d" / (name + ".json");
    }
    [[nodiscard]] Json shown(const std::string& name) {
        const auto result = daemon().nsctl({"show", name, "--json=short"});
        return result.ok() ? Json::parse(result.out) : Json();
    }
    [[nodiscard]] bool becomesReady(const std::string& name) {
        return eventually([&] { return shown(name).value("state", "") == "ready"; });
    }
    // What is written to the log from now on.
    [[nodiscard]] bool isLogged(const std::string& text) {
        return eventually([&] { return daemon().log().find(text) != std::string::npos; });
    }
    void reload() { ::kill(daemon().pid(), SIGHUP); }
};

TEST_F(DeclaredStart, WhatIsDeclaredIsThereAfterTheStartAndKeptOverEveryOther) {
    ASSERT_EQ(daemon().terminate(), 0);
    declare("web", R"({"types": ["net", "uts", "pid"], "hostname": "inside", // a comment
                       "labels": {"k": "v"}, "owner": "www-data", "grants": [{"group": "adm", "rights": ["enter"]}]})");
    declare("other", "{}");
    daemon().start();
    ASSERT_TRUE(becomesReady("web")) << daemon().log();
    ASSERT_TRUE(becomesReady("other"));
    const auto made = shown("web");
    EXPECT_EQ(made["origin"], "declared");
    EXPECT_EQ(nsctl({"exec", "web", "hostname"}), "inside");
    daemon().kill9();
    daemon().start();
    EXPECT_EQ(shown("web"), made);
    nsctl({"destroy", "web", "other", "--force"});
}

// A process that nsd is starting at the moment of its death has nsd's lock for some milliseconds more: with
// one worker none is started once the first namespace is there.
class DeclaredStartOfOneWorker : public DeclaredStart {
  protected:
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.settings = R"({"workers": 1})";
        return options;
    }
};

TEST_F(DeclaredStartOfOneWorker, IsKilledWhileItMakesThemAndMakesTheRestAtItsNextStart) {
    ASSERT_EQ(daemon().terminate(), 0);
    constexpr int many = 40;
    for (int i = 0; i < many; ++i)
        declare("d" + std::to_string(i), R"({"types": ["net", "uts", "pid"]})");
    daemon().start();
    ASSERT_TRUE(isLogged(" is made, as ")) << daemon().log();
    daemon().kill9();
    daemon().start();
    for (int i = 0; i < many; ++i)
        EXPECT_TRUE(becomesReady("d" + std::to_string(i))) << i << daemon().log();
    EXPECT_TRUE(fs::is_empty(daemon().runtimeDirectory() / "ns/.stage"));
    for (int i = 0; i < many; ++i)
        nsctl({"destroy", "d" + std::to_string(i), "--force"});
}

TEST_F(DeclaredStart, ABadFileIsReportedWithItsPlaceAndStopsNoOther) {
    declare("bad", "{\n  \"types\": [\"nett\"],\n  \"owner\": -1\n}\n");
    declare("good", R"({"types": ["uts"], "colour": "red"})");
    const auto check = run({TestDaemon::binary("nsd"), "--check-config"}, daemon().daemonEnvironment());
    EXPECT_EQ(check.status, 78);
    const auto complaint = definition("bad").string() + ":2: /types/0: \"nett\" is not a namespace type";
    EXPECT_NE(check.err.find(complaint), std::string::npos) << check.err;
    EXPECT_NE(check.err.find(definition("bad").string() + ":3: /owner: "), std::string::npos) << check.err;
    EXPECT_NE(check.err.find(definition("good").string() + ":1: /colour: "), std::string::npos) << check.err;
    reload();
    ASSERT_TRUE(becomesReady("good"));
    EXPECT_TRUE(isLogged("error: " + complaint)) << daemon().log();
    EXPECT_TRUE(isLogged("warning: " + definition("good").string())) << daemon().log();
    EXPECT_EQ(shown("bad"), Json());
    nsctl({"destroy", "good", "--force"});
}

TEST_F(DeclaredStart, AReloadMakesWhatIsNewAndEndsNothing) {
    declare("web", R"({"types": ["uts"], "labels": {"k": "1"}})");
    reload();
    ASSERT_TRUE(becomesReady("web")) << daemon().log();
    const auto uts = inodeOf(daemon().pin("web", "uts"));
    EXPECT_NE(daemon().nsctl({"destroy", "web"}).err.find(definition("web")), std::string::npos);

    declare("web", R"({"types": ["uts"], "labels": {"k": "2"}, "hostname": "changed"})");
    reload();
    EXPECT_TRUE(eventually([&] { return shown("web")["labels"]["k"] == "2"; }));
    EXPECT_TRUE(isLogged("hostname of \"web\" cannot be changed while it lives")) << daemon().log();
    EXPECT_TRUE(isLogged("labels and grants of \"web\" are those of ")) << daemon().log();

    fs::remove(definition("web"));
    reload();
    EXPECT_TRUE(isLogged(definition("web").string() + " is gone: \"web\" stays as it is"));
    EXPECT_EQ(inodeOf(daemon().pin("web", "uts")), uts);
    destroy("web");
}

TEST_F(DeclaredStart, APersistentOneComesBackAfterAReboot) {
    nsctl({"create", "kept", "-t", "user,uts,net", "--owner", "www-data", "--map-root", "--hostname", "kept",
        "--label", "a=b", "--persistent"});
    nsctl({"grant", "kept", "user:daemon", "enter"});
    struct stat st {};
    ASSERT_EQ(::stat(stateFile("kept").c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 07777U, 0600U);
    auto before = shown("kept");
    const auto map = nsctl({"exec", "kept", "cat", "/proc/self/uid_map"});
    ASSERT_EQ(daemon().terminate(), 0);
    // What a reboot does.
    unmountBelow(daemon().runtimeDirectory() / "ns");
    ASSERT_FALSE(fs::exists(daemon().runtimeDirectory() / "ns/kept"));
    daemon().start();
    ASSERT_TRUE(becomesReady("kept")) << daemon().log();
    auto after = shown("kept");
    for (const auto* key : {"types", "owner", "labels", "grants", "lifetime"})
        EXPECT_EQ(after[key], before[key]) << key;
    EXPECT_EQ(nsctl({"exec", "kept", "cat", "/proc/self/uid_map"}), map);
    EXPECT_EQ(nsctl({"exec", "kept", "hostname"}), "kept");
    destroy("kept");
    EXPECT_FALSE(fs::exists(stateFile("kept")));
}

TEST_F(DeclaredStart, AFullDiskIsSaidAndChangesNothing) {
    const auto state = daemon().directory() / "state";
    ASSERT_EQ(::mount("full", state.c_str(), "tmpfs", 0, "nr_inodes=2"), 0); // itself, and namespaces.d
    const auto result = daemon().nsctl({"create", "kept", "--persistent"});
    EXPECT_EQ(::umount2(state.c_str(), MNT_DETACH), 0);
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.err.find("cannot write " + stateFile("kept").string()), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("No space left on device"), std::string::npos) << result.err;
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
}

} // namespace
} // namespace nsd::test
