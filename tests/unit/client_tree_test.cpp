// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Trees of namespaces, and what is said where a name is nearly right.
#include "client/live/namespace_tree.hpp"
#include "client/output/render.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/client_fixture.hpp"

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace nsd::test {
namespace {

using client::SeenProcess;
using client::TreeNamespace;
using Json = nlohmann::json;

constexpr std::uint64_t initial = 1;

TreeNamespace entry(
    const std::string& name, const std::string& type, std::uint64_t inode, std::uint64_t owner = initial) {
    TreeNamespace made;
    made.row.name = name;
    made.row.types = {type};
    made.row.state = "ready";
    made.inodes = {{type, inode}};
    made.ownerInode = owner;
    return made;
}

SeenProcess process(pid_t pid, pid_t parent, NamespaceType type, std::uint64_t inode) {
    return {pid, parent, 0, "p" + std::to_string(pid), 0, {{type, inode}}};
}

TEST(NamespaceTree, hasProcessesBelowTheirParentsAndNamespacesBelowTheirOwners) {
    const std::vector<TreeNamespace> namespaces{entry("box", "user", 50), entry("inner", "net", 60, 50),
        entry("other", "net", 70, 99), entry("web", "net", 40)};
    const std::vector<SeenProcess> processes{process(10, 9, NamespaceType::Net, 40),
        process(11, 10, NamespaceType::Net, 40), process(12, 10, NamespaceType::Net, 41),
        process(13, 12, NamespaceType::Net, 40)};
    const auto roots = client::namespaceTree(namespaces, processes, initial);
    const auto text = client::renderTree(roots, {});
    std::string columns;
    for (const auto* line : {"initial user namespace", "box", "inner", "web", "p10", "p11", "p13",
             "user namespace 99", "other"}) {
        const auto at = text.find(line, columns.size());
        ASSERT_NE(at, std::string::npos) << line << " in " << text;
        columns = text.substr(0, at);
    }
    EXPECT_NE(text.find("ready"), std::string::npos) << text;
    EXPECT_EQ(text.find("p12"), std::string::npos) << text;
    const auto json = Json::parse(client::renderJson(roots, false));
    EXPECT_EQ(json[0]["children"][1]["children"][0]["children"][0]["pid"], 11);
    EXPECT_EQ(json[0]["pid"], nullptr);
    for (const auto* key : {"kind", "name", "types", "user", "state", "pid", "children"})
        EXPECT_TRUE(json[0].contains(key) && json[0]["children"][0].contains(key)) << key;
}

TEST(NamespaceTree, ofNothingIsNothing) {
    EXPECT_EQ(client::renderTree(client::namespaceTree({}, {}, initial), {}), "");
    EXPECT_EQ(client::renderJson(client::namespaceTree({}, {}, initial), false), "[]\n");
}

TEST(ProcessScan, readsWhatProcSaysAndLeavesOutTheRest) {
    const TempDir proc;
    const auto add = [&](const std::string& pid, const std::string& stat) {
        std::filesystem::create_directories(std::filesystem::path(proc / pid) / "ns");
        writeFile(std::filesystem::path(proc / pid) / "stat", stat);
        std::filesystem::create_symlink("net:[4026531840]", std::filesystem::path(proc / pid) / "ns/net");
    };
    add("7", "7 (a (b) c) S 3 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 100 1000 5 9");
    add("x", "x");
    std::filesystem::create_directories(proc / "8/ns"); // another's
    const auto seen = client::seenProcesses(proc.path());
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].pid, 7);
    EXPECT_EQ(seen[0].parent, 3);
    EXPECT_EQ(seen[0].comm, "a (b) c");
    EXPECT_EQ(seen[0].memory, 5U * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
    EXPECT_EQ(
        client::sharedTypes(seen[0], {{"net", 4026531840}, {"uts", 1}}), std::vector<std::string>{"net"});
}

class ClientTree : public ClientTest {};

TEST_F(ClientTree, listTreeKeepsToTheFiltersAndRefusesColumns) {
    for (const auto* name : {"a", "b"}) {
        daemon.namespaces[name].name = name;
        daemon.namespaces[name].state = "ready";
    }
    daemon.namespaces["b"].labels = {{"k", "v"}};
    EXPECT_EQ(run({"list", "--tree", "--json=short", "--label", "k=v"}), 0) << console.err;
    const auto tree = Json::parse(console.out);
    ASSERT_EQ(tree.size(), 1U) << console.out;
    EXPECT_EQ(tree[0]["kind"], "user-namespace");
    ASSERT_EQ(tree[0]["children"].size(), 1U);
    EXPECT_EQ(tree[0]["children"][0]["name"], "b");
    EXPECT_EQ(run({"list", "--tree", "-o", "name"}), 2);
    EXPECT_EQ(run({"list", "--tree", "--links"}), 2);
}

TEST_F(ClientTree, aNameThatIsNearlyRightIsAskedBack) {
    daemon.namespaces["frontend"].name = "frontend";
    EXPECT_EQ(run({"show", "frontent"}), 1);
    EXPECT_EQ(console.err,
        "nsctl: show frontent: there is no namespace \"frontent\"; did you mean \"frontend\"?\n");
    EXPECT_EQ(run({"oci", "fronten"}), 1);
    EXPECT_NE(console.err.find("did you mean \"frontend\"?"), std::string::npos) << console.err;
    EXPECT_EQ(run({"show", "elsewhere"}), 1);
    EXPECT_EQ(console.err.find("did you mean"), std::string::npos) << console.err;
}

} // namespace
} // namespace nsd::test
