// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "config/conflist.hpp"
#include "config/network_attachment.hpp"

#include <gtest/gtest.h>

namespace nsd::test {
namespace {

using Words = std::vector<std::string>;

// What is wrong with it: "3: /plugins/0/type: …".
Words complaintsAbout(const std::string& text) {
    Words complaints;
    for (const auto& problem : readConflist(text).problems)
        complaints.push_back(std::to_string(problem.line) + ": " + describe(problem));
    return complaints;
}

std::string withPlugins(const std::string& plugins, const std::string& more = "") {
    return R"({"cniVersion": "1.0.0", "name": "lan", "plugins": )" + plugins + more + "}";
}

std::string withType(const std::string& type) {
    return withPlugins(R"([{"type": ")" + type + R"("}])");
}

TEST(Conflist, namesItsNetworkAndThePluginsThatItNeeds) {
    const auto reading = readConflist(withPlugins(
        R"([{"type": "bridge", "ipam": {"type": "host-local"}}, {"type": "firewall"}, {"type": "bridge"}])"));
    EXPECT_TRUE(reading.problems.empty());
    EXPECT_EQ(reading.conflist.network, "lan");
    EXPECT_EQ(reading.conflist.programs, (Words{"bridge", "host-local", "firewall"}));
    EXPECT_EQ(reading.conflist.plugins, 3U);
}

TEST(Conflist, isKeptWithoutCommentsAndAlwaysInTheSameForm) {
    const auto one = readConflist("// of the lab\n" + withType("bridge")).conflist.text;
    const auto other =
        readConflist(R"({"plugins": [{"type": "bridge"}], "name": "lan", "cniVersion": "1.0.0"})");
    EXPECT_EQ(one, R"({"cniVersion":"1.0.0","name":"lan","plugins":[{"type":"bridge"}]})");
    EXPECT_EQ(other.conflist.text, one);
    EXPECT_EQ(readConflist(one).conflist.text, one);
}

TEST(Conflist, aTypeIsNeverAPath) {
    for (const auto* type : {"../../bin/sh", "/bin/sh", "a/b", "..", "Bridge", "a b", "a;b", "a\\nb"})
        EXPECT_EQ(complaintsAbout(withType(type)).size(), 1U) << type;
    EXPECT_EQ(complaintsAbout(withType("../../bin/sh")),
        Words{"1: /plugins/0/type: must be the name of a plugin: at most 64 of a-z, 0-9 and '-', not "
              "\"../../bin/sh\""});
    EXPECT_EQ(complaintsAbout(withType("")),
        Words{"1: /plugins/0/type: must be a text that is not empty, not \"\""});
    EXPECT_EQ(complaintsAbout(withType(std::string(65, 'a'))).size(), 1U);
    EXPECT_TRUE(complaintsAbout(withType(std::string(64, 'a'))).empty());
}

TEST(Conflist, soIsTheProgramThatGivesAddresses) {
    EXPECT_EQ(complaintsAbout(withPlugins(R"([{"type": "bridge", "ipam": {"type": "../sh"}}])")).size(), 1U);
    EXPECT_TRUE(complaintsAbout(withPlugins(R"([{"type": "bridge", "ipam": {}}])")).empty());
}

TEST(Conflist, allMistakesAreToldAtOnceEachWithItsLine) {
    EXPECT_EQ(complaintsAbout(
                  "{\n\"cniVersion\": \"7.0.0\",\n\"name\": \"a/b\",\n\"plugins\": [\n{},\n{\"type\": 7}]}"),
        (Words{"2: /cniVersion: must be one of 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0, not \"7.0.0\"",
            "3: /name: must be letters, digits, '_', '.' and '-', the first a letter or a digit, not \"a/b\"",
            "5: /plugins/0: has no \"type\"",
            "6: /plugins/1/type: must be a text that is not empty, not 7"}));
    EXPECT_EQ(complaintsAbout("{}"),
        (Words{"0: has no \"cniVersion\"", "0: has no \"name\"", "0: has no \"plugins\""}));
    EXPECT_EQ(complaintsAbout("[]"),
        Words{"0: must be an object: {\"cniVersion\": …, \"name\": …, \"plugins\": […]}, not an array"});
    EXPECT_EQ(complaintsAbout(withPlugins("[]")),
        Words{"1: /plugins: must be a list of 1 to 32 plugins, not an array"});
    EXPECT_EQ(complaintsAbout("{\n\"name\": lan}").size(), 1U);
}

TEST(Conflist, whatIsForTheRuntimeIsNotAPlugins) {
    EXPECT_EQ(complaintsAbout(withPlugins(R"([{"type": "portmap", "runtimeConfig": {}}])")),
        Words{"1: /plugins/0/runtimeConfig: stands beside \"plugins\", and a plugin gets of it what it has "
              "capabilities for"});
    EXPECT_EQ(complaintsAbout(withPlugins(R"([{"type": "portmap", "prevResult": {}}])")),
        Words{"1: /plugins/0/prevResult: is filled in when the plugin runs"});
    const auto portmap = [](const char* capabilities) {
        return withPlugins(std::string(R"([{"type": "portmap", "capabilities": )") + capabilities + "}]",
            R"(, "runtimeConfig": {"portMappings": []})");
    };
    EXPECT_TRUE(complaintsAbout(portmap(R"({"portMappings": true})")).empty());
    EXPECT_EQ(complaintsAbout(portmap(R"({"portMappings": false})")),
        Words{"1: /runtimeConfig/portMappings: is a capability that no plugin of the list declares"});
}

TEST(Conflist, theConfigurationOfASinglePluginIsNoList) {
    EXPECT_EQ(complaintsAbout(R"({"cniVersion": "1.0.0", "name": "lan", "type": "bridge"})"),
        Words{"0: is the configuration of a single plugin; a list has it among its \"plugins\""});
}

TEST(Conflist, hugeAndDeepOnesAreRefused) {
    const auto huge = withPlugins(R"([{"type": "bridge"}])", R"(, "x": ")" + std::string(70'000, 'x') + '"');
    EXPECT_NE(complaintsAbout(huge).at(0).find("at most 65536 are allowed"), std::string::npos);
    const std::string deep(20'000, '[');
    const auto nested =
        withPlugins(R"([{"type": "bridge"}])", R"(, "x": )" + deep + std::string(deep.size(), ']'));
    EXPECT_EQ(complaintsAbout(nested), Words{"0: has more than 32 objects and lists within each other"});
    // Whatever else is wrong with it, it is refused before somebody walks through it.
    EXPECT_EQ(complaintsAbout(deep).size(), 1U);
}

TEST(Conflist, theFirstMistakeIsTheErrorOfACall) {
    try {
        static_cast<void>(conflistOf("{\n\"name\": \"lan\",\n\"plugins\": [{\"type\": \"../sh\"}]}"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidArgument);
        EXPECT_EQ(error.text(), "cni: has no \"cniVersion\"");
    }
}

TEST(NetworkAttachment, growsByTheResultOfEachPlugin) {
    const NetworkAttachment begun{.container = "c0", .interface = "eth0", .conflist = R"({"name":"lan"})"};
    auto text = toLine(begun);
    EXPECT_TRUE(parseNetworkAttachment(text).result.empty());
    text += resultLine("bridge", R"({"ips":[]})") + resultLine("firewall", R"({"dns":{}})");
    const auto grown = parseNetworkAttachment(text);
    EXPECT_EQ(grown.container, "c0");
    EXPECT_EQ(grown.interface, "eth0");
    EXPECT_EQ(grown.conflist, begun.conflist);
    EXPECT_EQ(grown.result, R"({"dns":{}})");
    // A line that somebody was killed in the middle of is not there.
    EXPECT_EQ(parseNetworkAttachment(text + R"({"plugin":"port)").result, R"({"dns":{}})");
}

TEST(NetworkAttachment, whatIsNoRecordIsAnError) {
    for (const auto* text : {"", "{}\n", "[]\n", "x\n", "{\"container\": 7}\n"})
        EXPECT_THROW(static_cast<void>(parseNetworkAttachment(text)), Error) << text;
}

} // namespace
} // namespace nsd::test
