// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/definition_reader.hpp"

#include <gtest/gtest.h>

namespace nsd {
namespace {

using Place = Definition::Place;
using Texts = std::vector<std::string>;

DefinitionReading read(std::string_view json, Place place = Place::Configuration) {
    return readDefinition(json, Name("web"), place);
}

// "LINE: what is wrong", of each problem.
Texts problemsOf(std::string_view json, Place place = Place::Configuration) {
    Texts texts;
    for (const auto& problem : read(json, place).problems)
        texts.push_back(std::to_string(problem.line) + ": " + describe(problem));
    return texts;
}

constexpr auto everything = R"({
  // All that can be declared.
  "types": ["user", "uts", "net", "time"],
  "owner": "alice",
  "rootless": true,
  "labels": {"env": "test"},
  "grants": [{"user": 1000, "rights": ["enter", "fds"]}, {"group": "adm", "rights": ["manage"]}],
  "hostname": "web",
  "domainname": "example",
  "sysctls": {"net.ipv4.ip_forward": "1"},
  "uid-map": [[0, 100000, 10], [1000, 1000, 1]],
  "gid-map": [[0, 100000, 10]],
  "monotonic-offset": -5,
  "boottime-offset": 9223372036854775807
})";

TEST(DefinitionReader, everyKeyIsRead) {
    const auto reading = read(everything);
    ASSERT_TRUE(reading.problems.empty()) << describe(reading.problems.front());
    const auto& definition = reading.definition;
    EXPECT_EQ(toWords(definition.spec.types), (Texts{"net", "time", "user", "uts"}));
    EXPECT_EQ(definition.owner, Principal("alice"));
    EXPECT_TRUE(definition.rootless);
    EXPECT_EQ(definition.labels, (std::map<std::string, std::string>{{"env", "test"}}));
    EXPECT_EQ(definition.grants,
        (std::vector<Definition::Grant>{{false, 1000U, {"enter", "fds"}}, {true, "adm", {"manage"}}}));
    EXPECT_EQ(definition.spec.hostname, "web");
    EXPECT_EQ(definition.spec.domainname, "example");
    EXPECT_EQ(definition.spec.sysctls.at("net.ipv4.ip_forward"), "1");
    EXPECT_EQ(definition.spec.uidMap, (std::vector<IdRange>{{0, 100000, 10}, {1000, 1000, 1}}));
    EXPECT_EQ(definition.spec.gidMap, (std::vector<IdRange>{{0, 100000, 10}}));
    EXPECT_EQ(definition.spec.monotonicOffset, -5);
    EXPECT_EQ(definition.spec.boottimeOffset, 9223372036854775807);
}

TEST(DefinitionReader, anEmptyObjectIsANetworkNamespaceOfRoots) {
    const auto reading = read("{}");
    EXPECT_TRUE(reading.problems.empty());
    EXPECT_EQ(toWords(reading.definition.spec.types), Texts{"net"});
    EXPECT_EQ(reading.definition.owner, std::nullopt);
}

TEST(DefinitionReader, whatIsWrittenIsReadAsTheSame) {
    auto definition = read(everything).definition;
    definition.place = Place::State;
    definition.uuid = Uuid::random();
    const auto again = read(writeDefinition(definition), Place::State);
    ASSERT_TRUE(again.problems.empty()) << describe(again.problems.front());
    EXPECT_EQ(again.definition, definition);
}

TEST(DefinitionReader, allProblemsComeAtOnceEachWithItsLine) {
    EXPECT_EQ(problemsOf("{\n"
                         "  \"types\": [\"net\",\n"
                         "    \"utz\"],\n"
                         "  \"owner\": -1,\n"
                         "  \"map-root\": 1\n"
                         "}"),
        (Texts{
            "3: /types/1: \"utz\" is not a namespace type; the types are cgroup, ipc, mnt, net, pid, time, "
            "user, uts",
            "4: /owner: must be a name or a number, not -1", "5: /map-root: must be true or false, not 1"}));
}

TEST(DefinitionReader, anElementsLineIsItsOwn) {
    EXPECT_EQ(problemsOf("{\"uid-map\": [\n[0, 0, 1],\n[0,\n-1\n, 1]]}"),
        Texts{"4: /uid-map/1/1: must be a whole number from 0 to 4294967295, not -1"});
}

TEST(DefinitionReader, aSyntaxErrorHasItsLine) {
    const auto problems = read("{\n\"types\": [\n").problems;
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].line, 3U);
}

TEST(DefinitionReader, anUnknownKeyIsAWarning) {
    for (const auto* key : {"lease", "ttl", "persistent", "request-id"}) {
        const auto problems = read("{\n\"" + std::string(key) + "\": 1}").problems;
        ASSERT_EQ(problems.size(), 1U) << key;
        EXPECT_EQ(problems[0].severity, Problem::Severity::Warning) << key;
        EXPECT_EQ(
            describe("f", problems[0]), "f:2: /" + std::string(key) + ": is no key of a declared namespace");
    }
}

TEST(DefinitionReader, aConflistStandsInItWithItsPlaces) {
    const std::string text =
        R"({"cni": {"cniVersion": "1.0.0", "name": "lan", "plugins": [{"type": "bridge"}]}})";
    const auto reading = read(text);
    EXPECT_TRUE(reading.problems.empty());
    EXPECT_EQ(reading.definition.cni, R"({"cniVersion":"1.0.0","name":"lan","plugins":[{"type":"bridge"}]})");
    EXPECT_EQ(readDefinition(writeDefinition(reading.definition), Name("web"), Definition::Place::State)
                  .definition.cni,
        reading.definition.cni);
    EXPECT_EQ(
        problemsOf(
            "{\"cni\": {\"cniVersion\": \"1.0.0\", \"name\": \"lan\",\n\"plugins\": [{\"type\": \"/sh\"}]}}"),
        Texts{"2: /cni/plugins/0/type: must be the name of a plugin: at most 64 of a-z, 0-9 and '-', not "
              "\"/sh\""});
    EXPECT_EQ(problemsOf(R"({"cni": "/etc/cni/net.d/lan.conflist"})").size(), 1U);
}

TEST(DefinitionReader, aGrantNamesOneGrantee) {
    const Texts wrong{"1: /grants/0: must be {\"user\" or \"group\": …, \"rights\": […]}, not an object"};
    EXPECT_EQ(problemsOf(R"({"grants": [{"rights": ["fds"]}]})"), wrong);
    EXPECT_EQ(problemsOf(R"({"grants": [{"user": 1, "group": 1, "rights": ["fds"]}]})"), wrong);
    EXPECT_EQ(problemsOf(R"({"grants": [{"user": 1}]})"), wrong);
    EXPECT_EQ(problemsOf(R"({"grants": [{"user": 1, "rights": []}]})"),
        Texts{"1: /grants/0/rights: must be a list with a right in it: [\"enter\", …], not an array"});
    EXPECT_EQ(problemsOf(R"({"grants": [{"user": 1, "rights": ["fds"], "when": 1}]})"),
        Texts{"1: /grants/0/when: is no key of a grant"});
}

TEST(DefinitionReader, wrongTypesAreProblemsOfTheirKey) {
    for (const auto key : definitionKeys())
        for (const auto* value : {"null", "[]", "1.5", "\"\"", "[[1]]"}) {
            if ((key == "labels" || key == "sysctls" || key == "grants") && std::string_view(value) == "[]")
                continue;
            const auto problems =
                read("{\"" + std::string(key) + "\": " + value + "}", Place::State).problems;
            ASSERT_FALSE(problems.empty()) << key << ' ' << value;
            EXPECT_EQ(problems[0].pointer.substr(0, key.size() + 1), "/" + std::string(key)) << value;
        }
}

TEST(DefinitionReader, linksAreRead) {
    const auto links = read(R"({"links": [{"kind": "veth", "name": "a", "peer": "b", "peer-namespace": "box",
        "addresses": ["10.0.0.1/24"], "peer-addresses": ["10.0.0.2/24"], "routes": ["default via 10.0.0.2"],
        "mtu": 1400}, {"name": "c"}]})")
                           .definition.spec.links;
    ASSERT_EQ(links.size(), 2U);
    EXPECT_EQ(links[0],
        (LinkRequest{"a", "b", "box", {"10.0.0.1/24"}, {"10.0.0.2/24"}, {"default via 10.0.0.2"}, 1400}));
    EXPECT_EQ(links[1], (LinkRequest{.name = "c"}));
}

TEST(DefinitionReader, mistakesInLinksHaveTheirPlace) {
    EXPECT_EQ(problemsOf(R"({"links": [{"name": "a", "kind": "bridge"}]})"),
        Texts{"1: /links/0/kind: must be \"veth\", which is the one kind that nsd makes, not \"bridge\""});
    EXPECT_EQ(problemsOf(R"({"links": [{"peer": "a"}]})").size(), 1U);
    EXPECT_EQ(problemsOf(R"({"links": [{"name": "a", "mtu": 0}]})").size(), 1U);
    EXPECT_EQ(problemsOf(R"({"links": [{"name": "a", "addresses": "10.0.0.1/8"}]})").size(), 1U);
    EXPECT_EQ(problemsOf(R"({"links": [{"name": "a", "colour": "red"}]})"),
        Texts{"1: /links/0/colour: is no key of a link"});
}

TEST(DefinitionReader, linksAreWrittenAsTheyAreRead) {
    Definition definition{.name = Name("web"), .place = Place::State};
    definition.spec.types = {NamespaceType::Net};
    definition.spec.links = {
        {"a", "b", "box", {"10.0.0.1/24"}, {}, {"default via 10.0.0.2"}, 1400}, {.name = "c"}};
    EXPECT_EQ(read(writeDefinition(definition), Place::State).definition.spec.links, definition.spec.links);
}

TEST(DefinitionReader, aForwardIsOneOfNsctl) {
    const auto reading = read(R"({"forwards": ["tcp:127.0.0.1:8080:80"]})");
    EXPECT_TRUE(reading.problems.empty());
    EXPECT_EQ(reading.definition.forwards, Texts{"tcp:127.0.0.1:8080:80"});
    EXPECT_EQ(problemsOf(R"({"forwards": ["tcp:127.0.0.1:8080:80", "udp:127.0.0.1:53:53"]})"),
        Texts{"1: /forwards/1: \"udp:127.0.0.1:53:53\" is for UDP, which is not forwarded: only tcp is"});
}

TEST(DefinitionReader, onlyNsdsOwnFilesHaveAUuid) {
    EXPECT_EQ(problemsOf(R"({"uuid": "0123456789abcdef0123456789abcdef"})"),
        Texts{"1: /uuid: is for files that nsd itself writes"});
}

TEST(DefinitionReader, whatIsNoObjectIsAnError) {
    for (const auto* text : {"[]", "3", "null", "{} {}", "\xff"})
        EXPECT_FALSE(read(text).problems.empty()) << text;
}

} // namespace
} // namespace nsd
