// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the verbs print, and what they ask of the daemon.
#include "tests/support/temp_dir.hpp"
#include "tests/unit/client_fixture.hpp"

#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <unistd.h>

namespace nsd::test {
namespace {

using Json = nlohmann::json;

class Verbs : public ClientTest {
  protected:
    Verbs() {
        client::NamespaceDetails web;
        web.name = "web";
        web.path = "/org/nsd1/namespace/0123";
        web.uuid = "0123";
        web.types = {"net", "uts"};
        web.pins = {{"net", "/run/nsd/ns/web/net"}, {"uts", "/run/nsd/ns/web/uts"}};
        web.ids = {{"net", 4026531840123}, {"uts", 8}};
        web.inodes = {{"net", 4026532001}, {"uts", 4026532002}};
        web.labels = {{"env", "test"}, {"tier", "1"}};
        web.created = 1763769600000000;
        web.origin = "created";
        web.lifetime = "manual";
        web.state = "ready";
        daemon.namespaces["web"] = web;
    }

    Json json() const { return Json::parse(console.out); }
};

TEST_F(Verbs, ListIsATableWithHeadings) {
    ::setenv("TZ", "UTC", 1);
    EXPECT_EQ(run({"list"}), 0);
    EXPECT_EQ(console.out, "NAME TYPES   OWNER STATE CREATED             LABELS\n"
                           "web  net,uts root  ready 2025-11-22 00:00:00 env=test,tier=1\n");
    EXPECT_EQ(run({"list", "--no-legend"}), 0);
    EXPECT_EQ(console.out.rfind("web ", 0), 0U);
}

TEST_F(Verbs, ListOfNothingIsEmpty) {
    daemon.namespaces.clear();
    EXPECT_EQ(run({"list"}), 0);
    EXPECT_EQ(console.out, "");
    EXPECT_EQ(run({"list", "--json=short"}), 0);
    EXPECT_EQ(console.out, "[]\n");
}

TEST_F(Verbs, ListAsksForLabels) {
    EXPECT_EQ(run({"list", "--label", "env=test", "--label", "tier=1"}), 0);
    EXPECT_EQ(daemon.filter, (client::Labels{{"env", "test"}, {"tier", "1"}}));
}

TEST_F(Verbs, ListShowsTheColumnsThatAreWanted) {
    EXPECT_EQ(run({"list", "-o", "uuid,name"}), 0);
    EXPECT_EQ(console.out, "UUID NAME\n0123 web\n");
    EXPECT_EQ(run({"list", "-o", "name", "--json=short"}), 0);
    EXPECT_EQ(json().at(0).at("uuid"), "0123") << "keys are stable";
    EXPECT_EQ(run({"list", "-o", "name,colour"}), 2);
    EXPECT_NE(console.err.find("\"colour\" is no column; the columns are name, types"), std::string::npos);
    EXPECT_TRUE(daemon.calls.size() == 2);
}

TEST_F(Verbs, ListChoosesByTypesOwnerAndState) {
    auto& db = daemon.namespaces["db"];
    db.name = "db";
    db.types = {"ipc"};
    db.owner = 1000;
    db.state = "degraded";
    const auto names = [&](const std::vector<std::string>& given) {
        std::vector<std::string> line{"list", "-o", "name", "--no-legend"};
        line.insert(line.end(), given.begin(), given.end());
        EXPECT_EQ(run(line), 0);
        return console.out;
    };
    EXPECT_EQ(names({}), "db\nweb\n");
    EXPECT_EQ(names({"-t", "net"}), "web\n");
    EXPECT_EQ(names({"-t", "net,ipc"}), "");
    EXPECT_EQ(names({"--owner", "1000"}), "db\n");
    EXPECT_EQ(names({"--state", "ready"}), "web\n");
    EXPECT_EQ(run({"list", "--state", "fine"}), 2);
}

TEST_F(Verbs, PsListsEachProcessOnce) {
    daemon.holders = {{"process", 4000000000, "sleep", "net", "lives in it"},
        {"process", 4000000000, "sleep", "uts", "lives in it"},
        {"thread", 4000000001, "make", "net", "thread 4000000002"}, {"fd", 7, "nsd", "net", "fd 3"},
        {"init", 8, "nsd-init", "pid", "process 1 of the namespace"}};
    EXPECT_EQ(run({"ps", "web", "--json=short"}), 0);
    ASSERT_EQ(json().size(), 3U);
    EXPECT_EQ(json().at(1).at("types"), (Json{"net", "uts"}));
    EXPECT_EQ(json().at(1).at("command"), "[sleep]");
    EXPECT_EQ(json().at(2).at("command"), "[make]");
}

TEST_F(Verbs, PsSaysThatItsListIsNotWhole) {
    daemon.holders = {{"process", 4000000000, "sleep", "net", "lives in it"},
        {"more", 0, "", "", "7 more that are not listed"}};
    EXPECT_EQ(run({"ps", "web"}), 0);
    EXPECT_EQ(console.err, "nsctl: ps web: 7 more that are not listed\n");
}

TEST_F(Verbs, OciIsAnArrayOfTheWordsOfItsSpecification) {
    EXPECT_EQ(run({"oci", "web"}), 0);
    EXPECT_EQ(json(), (Json{{{"type", "network"}, {"path", "/run/nsd/ns/web/net"}},
                          {{"type", "uts"}, {"path", "/run/nsd/ns/web/uts"}}}));
    EXPECT_EQ(run({"oci", "web", "-t", "net"}), 0);
    EXPECT_EQ(json().size(), 1U);
    EXPECT_EQ(run({"oci", "web", "-t", "pid"}), 1);
    daemon.namespaces["web"].types = {"mnt"};
    daemon.namespaces["web"].pins = {{"mnt", "/run/nsd/ns/web/mnt"}};
    EXPECT_EQ(run({"oci", "web"}), 0);
    EXPECT_EQ(json().at(0).at("type"), "mount");
}

TEST_F(Verbs, OciOfWhatIsNotMadeYetSaysSo) {
    daemon.namespaces["web"].state = "pending";
    daemon.namespaces["web"].pins.clear();
    EXPECT_EQ(run({"oci", "web"}), 1);
    EXPECT_EQ(console.err, "nsctl: oci web: \"web\" is declared, and not made yet\n");
}

TEST_F(Verbs, ListInJsonKeepsTypesOfValues) {
    EXPECT_EQ(run({"list", "--json=pretty"}), 0);
    const auto row = json().at(0);
    EXPECT_EQ(row.at("name"), "web");
    EXPECT_EQ(row.at("types"), Json({"net", "uts"}));
    EXPECT_EQ(row.at("owner"), 0);
    EXPECT_EQ(row.at("labels").at("env"), "test");
    EXPECT_EQ(row.at("created"), 1763769600000000);
    std::set<std::string> keys;
    for (const auto& [key, value] : row.items())
        keys.insert(key);
    EXPECT_EQ(keys, (std::set<std::string>{
                        "name", "types", "owner", "state", "created", "labels", "origin", "uuid", "path"}));
}

TEST_F(Verbs, ShowOfOneIsAnObjectAndOfSeveralAnArray) {
    EXPECT_EQ(run({"show", "web", "--json=short"}), 0);
    EXPECT_EQ(json().at("inodes").at("net"), 4026532001);
    EXPECT_EQ(json().at("ids").at("net"), 4026531840123);
    EXPECT_EQ(json().at("pins").at("uts"), "/run/nsd/ns/web/uts");
    EXPECT_EQ(json().at("control_group"), "");
    EXPECT_EQ(json().at("grants"), Json::array());
    EXPECT_EQ(run({"show", "web", "missing", "--json=short"}), 1);
    EXPECT_EQ(json().size(), 1U);
    EXPECT_TRUE(json().is_array());
    EXPECT_EQ(console.err, "nsctl: show missing: there is no namespace \"missing\"\n");
}

TEST_F(Verbs, ShowIsReadLineByLine) {
    EXPECT_EQ(run({"show", "web"}), 0);
    EXPECT_NE(console.out.find("      Name: web\n"), std::string::npos) << console.out;
    EXPECT_NE(console.out.find("      Pins: net=/run/nsd/ns/web/net\n            uts=/run/nsd/ns/web/uts\n"),
        std::string::npos)
        << console.out;
    EXPECT_EQ(console.out.find("Grants"), std::string::npos);
}

TEST_F(Verbs, IdentifyPrintsNameAndTypeWithoutHeading) {
    EXPECT_EQ(run({"identify", "/proc/self/ns/net"}), 0);
    EXPECT_EQ(console.out, "web net\n");
    EXPECT_EQ(run({"identify", "--pid", std::to_string(::getpid())}), 0);
    EXPECT_EQ(console.out, "web net\nother uts\n");
    EXPECT_EQ(run({"-q", "identify"}), 0);
    EXPECT_EQ(console.out, "web net\nother uts\n");
    EXPECT_EQ(run({"identify", "--json=short"}), 0);
    EXPECT_EQ(console.out, "[{\"name\":\"web\",\"type\":\"net\"},{\"name\":\"other\",\"type\":\"uts\"}]\n");
}

TEST_F(Verbs, IdentifyOfAProcessInNoNamedNamespaceSaysSo) {
    daemon.processNamespaces.clear();
    EXPECT_EQ(run({"identify", "--pid", "1"}), 1);
    EXPECT_EQ(console.out, "");
    EXPECT_EQ(console.err, "nsctl: identify: process 1 is in no namespace that has a name\n");
    EXPECT_EQ(run({"identify", "--json=short", "--pid", "1"}), 0);
    EXPECT_EQ(console.out, "[]\n");
}

TEST_F(Verbs, IdentifyOfWhatDoesNotExistIs1) {
    EXPECT_EQ(run({"identify", "/nonexistent"}), 1);
    EXPECT_EQ(console.err, "nsctl: identify /nonexistent: open /nonexistent: No such file or directory\n");
    EXPECT_EQ(run({"identify", "--pid", "2147483647"}), 1);
    EXPECT_EQ(console.err, "nsctl: identify: there is no process 2147483647\n");
}

TEST_F(Verbs, LabelChangesTheLabelsGivenAndKeepsTheOthers) {
    EXPECT_EQ(run({"label", "web", "env=prod", "new=", "tier-"}), 0);
    EXPECT_EQ(daemon.labels, (client::Labels{{"env", "prod"}, {"new", ""}}));
    EXPECT_EQ(daemon.calls.back(), "label /org/nsd1/namespace/0123");
}

TEST_F(Verbs, GrantTakesNamesNumbersAndRightsWithCommasOrSpaces) {
    EXPECT_EQ(run({"grant", "web", "user:root", "fds,hold", "enter"}), 0);
    EXPECT_EQ(daemon.calls.back(), "grant web");
    EXPECT_EQ(daemon.grant.kind, "user");
    EXPECT_EQ(daemon.grant.id, 0U);
    EXPECT_EQ(daemon.grant.rights, (std::vector<std::string>{"fds", "hold", "enter"}));
    EXPECT_EQ(run({"grant", "web", "user:4000000000", "fds"}), 0);
    EXPECT_EQ(daemon.grant.id, 4'000'000'000U);
    EXPECT_EQ(console.out + console.err, "");
}

TEST_F(Verbs, RevokeIsWrittenAsGrantIs) {
    EXPECT_EQ(run({"revoke", "web", "group:root", "fds"}), 0);
    EXPECT_EQ(daemon.calls.back(), "revoke web");
    EXPECT_EQ(daemon.grant.kind, "group");
    EXPECT_EQ(daemon.grant.id, 0U);
    EXPECT_EQ(console.out + console.err, "");
}

TEST_F(Verbs, ShowTellsWhoHasWhichRights) {
    daemon.namespaces["web"].grants = {{"user", 0, {"fds", "hold"}}, {"group", 4'000'000'000, {"enter"}}};
    EXPECT_EQ(run({"show", "web"}), 0);
    EXPECT_NE(console.out.find("Grants: user root fds,hold\n"), std::string::npos) << console.out;
    EXPECT_NE(console.out.find(" group 4000000000 enter\n"), std::string::npos) << console.out;
    EXPECT_EQ(run({"show", "web", "--json=short"}), 0);
    EXPECT_EQ(json().at("grants"), Json::parse(R"([{"kind":"user","id":0,"rights":["fds","hold"]},
                        {"kind":"group","id":4000000000,"rights":["enter"]}])"));
}

TEST_F(Verbs, RenameIsSilent) {
    EXPECT_EQ(run({"rename", "web", "www"}), 0);
    EXPECT_EQ(daemon.calls.back(), "rename web www");
    EXPECT_EQ(console.out + console.err, "");
}

TEST_F(Verbs, DestroySaysThatItIsReleased) {
    EXPECT_EQ(run({"destroy", "web", "other"}), 0);
    EXPECT_EQ(console.out, "web: released\nother: released\n");
    EXPECT_FALSE(daemon.destroyOptions.force);
    EXPECT_FALSE(daemon.destroyOptions.timeout.has_value());
    EXPECT_EQ(run({"-q", "destroy", "web"}), 0);
    EXPECT_EQ(console.out, "");
}

TEST_F(Verbs, DestroyTellsEachHolderAndExitsWith0UnlessWaitedFor) {
    daemon.destroyed = {
        "no", {{"process", 17, "sleep", "net", ""}, {"mount", 0, "", "net", "mounted at /x"}}};
    EXPECT_EQ(run({"destroy", "web", "--timeout", "100ms"}), 0);
    EXPECT_EQ(daemon.destroyOptions.timeout, std::chrono::milliseconds(100));
    EXPECT_EQ(console.err, "nsctl: destroy web: still held by process 17 (sleep), net\n"
                           "nsctl: destroy web: still held by mount, net: mounted at /x\n");
    EXPECT_EQ(run({"destroy", "web", "--wait"}), 1);
    EXPECT_EQ(run({"destroy", "web", "--wait", "--json=short"}), 1);
    EXPECT_EQ(json().at("released"), "no");
    EXPECT_EQ(json().at("holders").at(0).at("pid"), 17);
}

TEST_F(Verbs, DestroyTellsWhatStaysOutside) {
    daemon.destroyed = {"yes", {}, {"cni: bridge: DEL: no"}};
    EXPECT_EQ(run({"destroy", "web", "--wait"}), 0);
    EXPECT_EQ(console.err, "nsctl: destroy web: cni: bridge: DEL: no\n");
    EXPECT_EQ(run({"destroy", "web", "--json=short"}), 0);
    EXPECT_EQ(json()["warnings"], (Json{"cni: bridge: DEL: no"}));
}

TEST_F(Verbs, CreateSendsTheTextOfAConflist) {
    const TempDir files;
    writeFile(files / "lan.conflist", "{ // a comment\n}");
    EXPECT_EQ(run({"create", "web", "--cni", files / "lan.conflist"}), 0);
    EXPECT_EQ(daemon.created.cni, "{ // a comment\n}");
    EXPECT_EQ(run({"create", "web", "--cni", files / "none"}), 1);
    EXPECT_NE(console.err.find("No such file"), std::string::npos) << console.err;
    EXPECT_EQ(run({"create", "web", "--cni", "/dev/zero"}), 1);
    EXPECT_EQ(run({"create", "web", "--cni", "/dev/null"}), 1);
}

TEST_F(Verbs, ShowTellsWhatPluginsAnswered) {
    auto& web = daemon.namespaces["web"];
    web.cni = R"({"interfaces": [{"name": "lan0", "mac": "02:00:00:00:00:01"},
                                 {"name": "eth0", "mac": "02:00:00:00:00:02", "sandbox": "/run/x"}],
                  "ips": [{"address": "10.0.0.2/24", "gateway": "10.0.0.1", "interface": 1}, 7, {}]})";
    EXPECT_EQ(run({"show", "web"}), 0);
    EXPECT_NE(console.out.find("eth0 inside 02:00:00:00:00:02 10.0.0.2/24 via 10.0.0.1"), std::string::npos)
        << console.out;
    EXPECT_EQ(run({"show", "web", "--json=short"}), 0);
    const auto links = json()["cni"];
    ASSERT_EQ(links.size(), 2U);
    EXPECT_EQ(links[0]["addresses"], (Json{"10.0.0.2/24"}));
    EXPECT_EQ(links[1], (Json{{"link", "lan0"}, {"side", "host"}, {"mac", "02:00:00:00:00:01"},
                            {"addresses", Json::array()}, {"gateways", Json::array()}}));
    // What a plugin of whatever kind says breaks nothing.
    for (const auto* odd : {"", "[]", "7", "{\"interfaces\": 7}", "{\"interfaces\": [7]}", "{"}) {
        web.cni = odd;
        EXPECT_EQ(run({"show", "web"}), 0) << odd;
    }
}

TEST_F(Verbs, DestroyGoesOnPastANameThatFails) {
    EXPECT_EQ(run({"destroy", "missing", "web"}), 1);
    EXPECT_EQ(daemon.calls.back(), "destroy web");
    EXPECT_EQ(console.err, "nsctl: destroy missing: there is no namespace \"missing\"\n");
}

TEST_F(Verbs, WhyIsATableOfHolders) {
    const std::string rows = "KIND    PID COMMAND TYPE DETAIL\n"
                             "process  17 sleep   net  fd 3\n"
                             "pin       - -       -    -\n";
    daemon.holders = {{"process", 17, "sleep", "net", "fd 3"}, {"pin", 0, "", "", ""}};
    EXPECT_EQ(run({"why", "web", "-q"}), 0);
    EXPECT_EQ(console.out, rows);
    EXPECT_EQ(run({"why", "web"}), 0);
    ASSERT_TRUE(console.out.starts_with(rows)) << console.out;
    EXPECT_TRUE(std::regex_match(console.out.substr(rows.size()),
        std::regex("Seen at [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\\. Not seen: .*a Unix socket.*\\.\n")))
        << console.out;
    EXPECT_EQ(run({"why", "web", "--json=short"}), 0);
    EXPECT_EQ(json().at("name"), "web");
    EXPECT_EQ(json().at("holders").at(1).at("pid"), 0);
    EXPECT_GT(json().at("seen-at"), 1'700'000'000'000'000U);
    EXPECT_GE(json().at("not-seen").size(), 4U);
}

TEST_F(Verbs, WhyOfWhatNsdAloneHolds) {
    const std::string expected = ::geteuid() == 0 ? "web: nothing but nsd holds it\nSeen at "
                                                  : "web: nothing of yours holds it\nSeen at ";
    EXPECT_EQ(run({"why", "web"}), 0);
    EXPECT_TRUE(console.out.starts_with(expected)) << console.out;
    daemon.holders = {{"pin", 0, "", "net", "mounted at /run/nsd/ns/web/net"}};
    EXPECT_EQ(run({"why", "web"}), 0);
    EXPECT_NE(console.out.find('\n' + expected), std::string::npos) << console.out;
}

TEST_F(Verbs, AHoldersCommandCannotPlayWithTheTerminal) {
    daemon.destroyed = {"no", {{"process", 17, "\x1b[31mred", "net", ""}}};
    EXPECT_EQ(run({"destroy", "web"}), 0);
    EXPECT_EQ(console.err.find('\x1b'), std::string::npos) << console.err;
    daemon.holders = daemon.destroyed.holders;
    EXPECT_EQ(run({"why", "web"}), 0);
    EXPECT_EQ(console.out.find('\x1b'), std::string::npos) << console.out;
}

TEST_F(Verbs, StatusSaysWhereAndWhich) {
    EXPECT_EQ(run({"status", "--json=short"}), 0);
    EXPECT_EQ(json().at("bus"), "unix:path=/bus");
    EXPECT_EQ(json().at("namespaces"), 2);
    EXPECT_EQ(json().at("types"), Json({"net", "uts"}));
}

TEST_F(Verbs, CreateInJsonGivesThePath) {
    EXPECT_EQ(run({"create", "web", "--json=short"}), 0);
    EXPECT_EQ(console.out, "{\"name\":\"web\",\"path\":\"/org/nsd1/namespace/0123\"}\n");
}

} // namespace
} // namespace nsd::test
