// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl export and apply beside a real nsd: what goes out comes in again.
#include "tests/support/private_run.hpp"
#include "tests/support/system_test.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class Apply : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE_PROGRAM("ip");
        usePrivateNetnsNames(); // one of them is published
        SystemTest::SetUp();
    }
    [[nodiscard]] fs::path file(const std::string& name) {
        return daemon().directory() / "etc/namespaces.d" / (name + ".json");
    }
    std::string given(const std::string& leaf, const std::string& text) {
        writeFile(daemon().directory() / leaf, text);
        return (daemon().directory() / leaf).string();
    }
};

TEST_F(Apply, WhatIsExportedIsMadeAgain) {
    nsctl({"create", "web", "-t", "net,uts,user,time", "--owner", "www-data", "--map-root", "--hostname",
        "front", "--domainname", "lan", "--label", "a=b", "--sysctl", "net/ipv4/ip_forward=1", "--monotonic",
        "3s"});
    nsctl({"grant", "web", "group:daemon", "enter,hold"});
    nsctl({"create", "hub", "-t", "net", "--publish"});
    nsctl({"create", "leaf", "--link", "up0:leaf0@hub"});
    const auto exported = nsctl({"export", "--all"});
    ASSERT_EQ(Json::parse(exported).size(), 3U) << exported;
    nsctl({"destroy", "leaf", "web", "hub"});

    const auto input = given("all.json", exported);
    const auto plan = Json::parse(nsctl({"apply", "--dry-run", "-f", input, "--json=short"}));
    EXPECT_EQ(plan.at(2).at("action"), "created");
    EXPECT_EQ(plan.at(2).at("file"), file("web").string());
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
    for (const auto& row : Json::parse(nsctl({"apply", "-f", input, "--json=short"})))
        EXPECT_EQ(row.at("state"), "ready") << row;
    EXPECT_EQ(nsctl({"export", "--all"}), exported);
    EXPECT_EQ(nsctl({"exec", "web", "hostname"}), "front");

    for (const auto& row : Json::parse(nsctl({"apply", "-f", input, "--json=short"}))) {
        EXPECT_EQ(row.at("action"), "unchanged") << row;
        EXPECT_EQ(row.at("note"), "") << row;
    }
    nsctl({"destroy", "--force", "leaf", "web", "hub"});
}

TEST_F(Apply, ChangesPrunesAndLeavesAloneWhatIsBad) {
    const auto one = given("one.json", R"({"types": ["uts"], "hostname": "a", "labels": {"app": "shop"}})");
    const auto two = given("two.json", R"({"types": ["ipc"], "labels": {"app": "shop"}})");
    nsctl({"apply", "-f", one, "-f", two});
    static_cast<void>(given("one.json", R"({"types": ["uts"], "hostname": "b", "labels": {"app": "new"}})"));
    static_cast<void>(given("two.json", R"({"types": ["ipc"], "hostname": "b"})"));
    const auto refused = daemon().nsctl({"apply", "-f", one, "-f", two});
    EXPECT_EQ(refused.status, 1);
    EXPECT_EQ(refused.err, "nsctl: apply: " + two + ":1: /hostname: hostname needs type uts\n" +
                               "nsctl: apply: nothing was changed\n");
    EXPECT_EQ(Json::parse(nsctl({"show", "one", "--json=short"})).at("labels").at("app"), "shop");

    const auto rows =
        Json::parse(nsctl({"apply", "-f", one, "--prune", "--label", "app=shop", "--json=short"}));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].at("action"), "changed");
    EXPECT_EQ(rows[0].at("note").get<std::string>().substr(0, 9), "hostname:");
    EXPECT_EQ(rows[1].at("action"), "removed");
    EXPECT_FALSE(fs::exists(file("two")));
    EXPECT_EQ(Json::parse(nsctl({"show", "one", "--json=short"})).at("labels").at("app"), "new");
    destroy("two"); // nothing keeps it now
    destroy("one", {"--force"});
}

} // namespace
} // namespace nsd::test
