// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl apply and export, with files of its own and a daemon that is none.
#include "tests/support/temp_dir.hpp"
#include "tests/unit/client_fixture.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Texts = std::vector<std::string>;

class ClientApply : public ClientTest {
  protected:
    ClientApply() {
        daemon.definitionsDirectory = directory().string();
        fs::create_directory(home() / "in");
    }
    [[nodiscard]] fs::path home() const { return fs::path(home_.path()); }
    [[nodiscard]] fs::path directory() const { return home() / "etc/namespaces.d"; }
    std::string given(const std::string& leaf, const std::string& text) {
        writeFile(home() / "in" / leaf, text);
        return (home() / "in" / leaf).string();
    }
    void have(const std::string& leaf, const std::string& text) {
        fs::create_directories(directory());
        writeFile(directory() / leaf, text);
    }
    [[nodiscard]] Texts files() const {
        Texts names;
        if (fs::exists(directory()))
            for (const auto& entry : fs::directory_iterator(directory()))
                names.push_back(entry.path().filename());
        std::sort(names.begin(), names.end());
        return names;
    }
    void live(const std::string& name, const std::string& origin, const std::string& lifetime = "manual") {
        auto& details = daemon.namespaces[name];
        details.name = name;
        details.origin = origin;
        details.lifetime = lifetime;
        details.state = "ready";
    }
    // name → action
    [[nodiscard]] std::map<std::string, std::string> actions() const {
        std::map<std::string, std::string> all;
        for (const auto& row : Json::parse(console.out))
            all[row.at("name")] = row.at("action");
        return all;
    }

    TempDir home_;
};

using Actions = std::map<std::string, std::string>;

TEST_F(ClientApply, WritesAsItStandsReloadsAndWaits) {
    const std::string text = "{\"types\": [\"uts\"]} // as it was written\n";
    EXPECT_EQ(run({"apply", "-f", given("web.json", text)}), 0) << console.err;
    EXPECT_EQ(readFile(directory() / "web.json"), text);
    EXPECT_EQ(files(), Texts{"web.json"}) << "nothing else stays";
    EXPECT_EQ(fs::status(directory() / "web.json").permissions(), fs::perms(0644));
    EXPECT_EQ(daemon.calls, (Texts{"check", "show web", "reload", "await web", "show web"}));
    EXPECT_EQ(console.out, "NAME FILE    STATE NOTE\nweb  created ready -\n");
}

TEST_F(ClientApply, TellsWhatIsNewChangedAndAsItWas) {
    have("same.json", "{}");
    have("other.json", "{}");
    const Texts line{"apply", "--json=short", "-f", given("same.json", "{}"), "-f",
        given("other.json", "{\"labels\": {}}"), "-f", given("new.json", "{}")};
    EXPECT_EQ(run(line), 0) << console.err;
    EXPECT_EQ(actions(), (Actions{{"new", "created"}, {"other", "changed"}, {"same", "unchanged"}}));
    Texts keys;
    const auto rows = nlohmann::ordered_json::parse(console.out);
    for (const auto& [key, value] : rows.front().items())
        keys.push_back(key);
    EXPECT_EQ(keys, (Texts{"name", "action", "state", "note", "file", "source"}));
}

TEST_F(ClientApply, ADirectoryAndArraysHaveMany) {
    static_cast<void>(given("a.json", "{}"));
    static_cast<void>(given(".hidden.json", "{"));
    static_cast<void>(given("README", "{"));
    static_cast<void>(given("many.json", R"([{"name": "b", "types": ["net"]}, {"name": "c"}])"));
    EXPECT_EQ(run({"apply", "-f", (home() / "in").string()}), 0) << console.err;
    EXPECT_EQ(files(), (Texts{"a.json", "b.json", "c.json"}));
    EXPECT_EQ(Json::parse(readFile(directory() / "b.json")), (Json{{"name", "b"}, {"types", {"net"}}}));
}

TEST_F(ClientApply, ADryRunChangesNothing) {
    EXPECT_EQ(run({"apply", "--dry-run", "-f", given("web.json", "{}")}), 0);
    EXPECT_EQ(console.out, "NAME FILE    STATE NOTE\nweb  created -     -\n");
    EXPECT_FALSE(fs::exists(directory()));
    EXPECT_EQ(daemon.calls, (Texts{"check", "show web"}));
    EXPECT_EQ(run({"apply", "--dry-run", "-f", (home() / "etc").string(), "--json=short"}), 1);
    fs::create_directory(home() / "none");
    EXPECT_EQ(run({"apply", "-f", (home() / "none").string(), "--json=short"}), 0);
    EXPECT_EQ(console.out, "[]\n");
}

TEST_F(ClientApply, AnyMistakeIsToldAndNothingIsChanged) {
    const auto good = given("good.json", "{}");
    for (const auto& [text, why] :
        std::map<std::string, std::string>{{"", "is no JSON: line 1"}, {"{\n\n,}", "is no JSON: line 3"},
            {"[7]", "a definition has no name"}, {R"([{"name": "good"}])", "\"good\" is defined twice"},
            {"7", "is neither a definition"}, {"{\"hostname\": \"\xff\"}", "is no JSON"}}) {
        const auto bad = given("bad.json", text);
        EXPECT_EQ(run({"apply", "-f", good, "-f", bad}), 1);
        EXPECT_NE(console.err.find(why), std::string::npos) << console.err;
        EXPECT_NE(console.err.find("\nnsctl: apply: nothing was changed\n"), std::string::npos);
    }
    daemon.checked.problems = {{"good", 3, "/types/0", "is wrong"}, {"two", 1, "/x", "is odd"}};
    EXPECT_EQ(run({"apply", "-f", good, "-f", given("bad.json", R"([{"name": "two"}])")}), 1);
    EXPECT_NE(console.err.find(good + ":3: /types/0: is wrong\n"), std::string::npos) << console.err;
    EXPECT_NE(console.err.find("bad.json: two: /x: is odd\n"), std::string::npos) << "no line of that file";
    EXPECT_EQ(files(), Texts{});
}

TEST_F(ClientApply, PruneRemovesWhatHasTheLabelsAndWasNotGiven) {
    have("gone.json", R"({"labels": {"app": "shop", "tier": "web"}})");
    have("given.json", R"({"labels": {"app": "shop"}})");
    have("others.json", R"({"labels": {"app": "else"}})");
    have("none.json", "{} // none");
    have("bad.json", "{");
    fs::create_symlink("/dev/null", directory() / "masked.json");
    live("gone", "declared");
    const auto input = given("given.json", "{}");
    const Texts line{"apply", "--prune", "--label", "app=shop", "-f", input, "--json=short"};
    EXPECT_EQ(run(line), 0) << console.err;
    EXPECT_EQ(actions(), (Actions{{"gone", "removed"}, {"given", "changed"}}));
    EXPECT_EQ(files(), (Texts{"bad.json", "given.json", "masked.json", "none.json", "others.json"}));
    EXPECT_NE(console.out.find("nsctl destroy gone"), std::string::npos) << console.out;
    EXPECT_NE(console.err.find("bad.json stays"), std::string::npos) << console.err;
    EXPECT_EQ(run({"apply", "--prune", "-f", input}), 2);
    EXPECT_EQ(run({"apply", "--label", "a=b", "-f", input}), 2);
    EXPECT_EQ(run({"apply"}), 2);
}

TEST_F(ClientApply, SaysWhatDoesNotHappenByItself) {
    live("made", "created");
    live("old", "declared");
    live("same", "declared");
    daemon.definitions["old"] = R"({"types": ["uts"], "hostname": "a", "owner": 0, "labels": {"k": "1"}})";
    daemon.definitions["same"] = R"({"types": ["uts"], "owner": 1})";
    static_cast<void>(given("made.json", "{}"));
    static_cast<void>(given("old.json", R"({"types": ["uts"], "hostname": "b", "labels": {"k": "2"}})"));
    static_cast<void>(given("same.json", R"({"types": ["uts"], "owner": "daemon"})"));
    EXPECT_EQ(run({"apply", "--dry-run", "-f", (home() / "in").string(), "--json=short"}), 0) << console.err;
    const auto rows = Json::parse(console.out);
    EXPECT_NE(rows[0]["note"].get<std::string>().find("not from a file"), std::string::npos);
    EXPECT_EQ(rows[1]["note"].get<std::string>().substr(0, 30), "hostname: when it is made agai");
    EXPECT_EQ(rows[2]["note"], "");
    live("old", "created", "persistent");
    EXPECT_EQ(run({"apply", "-f", (home() / "in").string()}), 1);
    EXPECT_NE(console.err.find("--persistent"), std::string::npos) << console.err;
}

TEST_F(ClientApply, OneThatCannotBeMadeIsAFailureWithItsReason) {
    daemon.makingProblems["a"] = "there is no namespace \"hub\", where a link of it goes";
    EXPECT_EQ(run({"apply", "-f", given("a.json", "{}"), "-f", given("b.json", "{}")}), 1);
    EXPECT_NE(console.out.find("pending there is no namespace"), std::string::npos) << console.out;
    EXPECT_NE(console.out.find("b    created ready"), std::string::npos) << console.out;
    daemon.reloadProblem = Error(Errc::InvalidArgument, "nsd.json:1: bad");
    EXPECT_EQ(run({"apply", "-f", given("a.json", "{ }")}), 1);
    EXPECT_NE(console.err.find("the files are written"), std::string::npos) << console.err;
}

TEST_F(ClientApply, IsForRootAndSaysSo) {
    joiner.uid = 1000;
    EXPECT_EQ(run({"apply", "-f", given("a.json", "{}")}), 1);
    EXPECT_NE(console.err.find("sudo nsctl apply"), std::string::npos) << console.err;
    EXPECT_EQ(daemon.calls, Texts{});
}

TEST_F(ClientApply, ExportPrintsWhatApplyReads) {
    live("a", "created");
    live("b", "created", "ttl");
    daemon.definitions["a"] = R"({"types": ["uts"]})";
    daemon.definitions["b"] = R"({"types": ["ipc"]})";
    EXPECT_EQ(run({"export", "a"}), 0);
    EXPECT_EQ(console.out, "{\n  \"name\": \"a\",\n  \"types\": [\n    \"uts\"\n  ]\n}\n");
    EXPECT_EQ(run({"export", "--all", "--json=short"}), 0);
    EXPECT_EQ(console.out, "[{\"name\":\"a\",\"types\":[\"uts\"]},{\"name\":\"b\",\"types\":[\"ipc\"]}]\n");
    EXPECT_NE(console.err.find("nsctl: export b: its ttl is left out"), std::string::npos) << console.err;
    const auto file = given("all.json", console.out);
    EXPECT_EQ(run({"apply", "-f", file}), 0) << console.err;
    EXPECT_EQ(files(), (Texts{"a.json", "b.json"}));

    EXPECT_EQ(run({"export", "a", "missing", "--json=short"}), 1);
    EXPECT_EQ(console.out, "[{\"name\":\"a\",\"types\":[\"uts\"]}]\n");
    EXPECT_EQ(run({"export", "missing"}), 1);
    EXPECT_EQ(console.out, "");
    EXPECT_EQ(run({"export"}), 2);
    EXPECT_EQ(run({"export", "a", "--all"}), 2);
    daemon.namespaces.clear();
    EXPECT_EQ(run({"export", "--all"}), 0);
    EXPECT_EQ(console.out, "[]\n");
}

TEST_F(ClientApply, ExportNamesTheLinksThatAreInNoDefinition) {
    live("a", "created");
    daemon.namespaces["a"].types = {"net"};
    daemon.definitions["a"] = R"({"types": ["net"], "links": [{"kind": "veth", "name": "up0"}]})";
    daemon.links = {{1, "lo", "", "up", 0, "", "", {}, ""}, {2, "up0", "veth", "up", 0, "", "", {}, ""},
        {3, "late0", "veth", "up", 0, "", "", {}, ""}, {4, "eth9", "", "up", 0, "", "", {}, "eth0"}};
    EXPECT_EQ(run({"export", "a"}), 0);
    EXPECT_EQ(errorLines(), 2U) << console.err;
    EXPECT_NE(console.err.find("link late0"), std::string::npos) << console.err;
    EXPECT_NE(console.err.find("link eth0"), std::string::npos) << console.err;
}

} // namespace
} // namespace nsd::test
