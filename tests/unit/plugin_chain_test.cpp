// SPDX-License-Identifier: LGPL-2.1-or-later
// The order of plugins and what each is given, as the CNI specification asks for it.
#include "common/error.hpp"
#include "daemon/cni/chain.hpp"
#include "daemon/cni/plugin_process.hpp"
#include "daemon/protocol/plugin_messages.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nsd::cni {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

// Answers what it is told to, and keeps what it was asked.
struct FakeRunner {
    std::string operator()(const PluginCall& call) {
        asked.push_back(call.command + ' ' + call.type);
        inputs.push_back(Json::parse(call.input));
        if (failing.contains(call.type))
            throw Error(Errc::KernelError, "cni: " + call.type + ": no");
        return call.command == "ADD" ? R"({"by":")" + call.type + "\"}" : "";
    }
    std::set<std::string> failing{};
    Words asked{};
    std::vector<Json> inputs{};
};

NetworkAttachment attachment(const std::string& version = "1.0.0", const std::string& more = "") {
    return {.container = "c0",
        .interface = "eth0",
        .conflist = R"({"cniVersion":")" + version + R"(","name":"lan","plugins":[
            {"type":"bridge","isGateway":true},
            {"type":"firewall"},
            {"type":"portmap","capabilities":{"portMappings":true,"ips":false}}])" +
                    more + "}"};
}

void add(
    FakeRunner& runner, const NetworkAttachment& to,
    const Answered& answered = [](const auto&, const auto&) {}) {
    addToNetwork(
        to, [&](const PluginCall& call) { return runner(call); }, answered);
}

void remove(FakeRunner& runner, const NetworkAttachment& from) {
    removeFromNetwork(from, [&](const PluginCall& call) { return runner(call); });
}

TEST(PluginChain, addGoesInOrderEachWithTheResultOfTheOneBefore) {
    FakeRunner runner;
    Words answers;
    add(runner, attachment(), [&](const std::string& plugin, const std::string& result) {
        answers.push_back(plugin + ' ' + result);
    });
    EXPECT_EQ(runner.asked, (Words{"ADD bridge", "ADD firewall", "ADD portmap"}));
    EXPECT_EQ(runner.inputs.at(0),
        (Json{{"cniVersion", "1.0.0"}, {"name", "lan"}, {"type", "bridge"}, {"isGateway", true}}));
    EXPECT_EQ(runner.inputs.at(1).at("prevResult"), (Json{{"by", "bridge"}}));
    EXPECT_EQ(runner.inputs.at(2).at("prevResult"), (Json{{"by", "firewall"}}));
    EXPECT_EQ(answers,
        (Words{R"(bridge {"by":"bridge"})", R"(firewall {"by":"firewall"})", R"(portmap {"by":"portmap"})"}));
}

TEST(PluginChain, addStopsAtTheFirstThatFails) {
    FakeRunner runner{.failing = {"firewall"}};
    Words answers;
    EXPECT_THROW(
        add(runner, attachment(), [&](const std::string& plugin, const auto&) { answers.push_back(plugin); }),
        Error);
    EXPECT_EQ(runner.asked, (Words{"ADD bridge", "ADD firewall"}));
    EXPECT_EQ(answers, Words{"bridge"});
}

TEST(PluginChain, delGoesBackwardsAndEachHasTheLastResult) {
    FakeRunner runner;
    auto from = attachment();
    from.result = R"({"by":"portmap"})";
    remove(runner, from);
    EXPECT_EQ(runner.asked, (Words{"DEL portmap", "DEL firewall", "DEL bridge"}));
    for (const auto& input : runner.inputs)
        EXPECT_EQ(input.at("prevResult"), (Json{{"by", "portmap"}}));
}

TEST(PluginChain, delWithoutAResultGivesNone) {
    FakeRunner runner;
    remove(runner, attachment());
    EXPECT_EQ(runner.asked.size(), 3U);
    EXPECT_FALSE(runner.inputs.at(0).contains("prevResult"));
    // Before 0.4.0 DEL does not know it.
    auto old = attachment("0.3.1");
    old.result = "{}";
    remove(runner, old);
    EXPECT_FALSE(runner.inputs.back().contains("prevResult"));
}

TEST(PluginChain, aPluginThatFailsAtDelKeepsNobodyFromHisWork) {
    FakeRunner runner{.failing = {"portmap", "firewall"}};
    try {
        remove(runner, attachment());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.text(), "cni: portmap: no; cni: firewall: no");
    }
    EXPECT_EQ(runner.asked, (Words{"DEL portmap", "DEL firewall", "DEL bridge"}));
}

TEST(PluginChain, runtimeConfigIsForWhoDeclaresTheCapability) {
    FakeRunner runner;
    add(runner, attachment("1.0.0", R"(,"runtimeConfig":{"portMappings":[7],"ips":["10.0.0.1"]})"));
    EXPECT_FALSE(runner.inputs.at(0).contains("runtimeConfig"));
    EXPECT_EQ(runner.inputs.at(2).at("runtimeConfig"), (Json{{"portMappings", {7}}}));
    EXPECT_FALSE(runner.inputs.at(2).contains("capabilities"));
}

TEST(PluginChain, theNewestVersionOfTheListIsSpoken) {
    FakeRunner runner;
    add(runner, attachment("0.4.0", R"(,"cniVersions":["1.0.0","0.3.1"])"));
    EXPECT_EQ(runner.inputs.at(0).at("cniVersion"), "1.0.0");
}

TEST(PluginChain, anAnswerThatIsNoObjectIsAnError) {
    const std::string deep(100, '[');
    for (const auto& printed : {std::string(), std::string("[]"), std::string("ok"),
             R"({"x":)" + deep + std::string(100, ']') + "}"})
        EXPECT_THROW(addToNetwork(
                         attachment(), [&](const PluginCall&) { return printed; },
                         [](const auto&, const auto&) { FAIL(); }),
            Error)
            << printed;
}

TEST(PluginComplaint, saysMessageDetailsAndCode) {
    EXPECT_EQ(
        complaintOf(R"({"code":11,"msg":"try again","details":"later"})", ""), "try again: later (code 11)");
    EXPECT_EQ(complaintOf(R"({"code":7,"msg":"bad"})", "noise"), "bad (code 7)");
    EXPECT_EQ(complaintOf("", "panic:\n\x1b[1mno\n"), "panic:  [1mno");
    EXPECT_EQ(complaintOf("neither", ""), "neither");
    EXPECT_EQ(complaintOf("", ""), "");
}

TEST(PluginMessages, decodeToWhatWasEncoded) {
    const protocol::PluginRequest request{
        true, "/run/nsd/ns/web/net", {"/usr/lib/cni", "/opt"}, std::chrono::milliseconds(1500)};
    const auto decoded = protocol::decodePluginRequest(protocol::encode(request));
    EXPECT_TRUE(decoded.add);
    EXPECT_EQ(decoded.netns, request.netns);
    EXPECT_EQ(decoded.path, request.path);
    EXPECT_EQ(decoded.timeout, request.timeout);
    EXPECT_TRUE(protocol::decodePluginReply(protocol::encode(Outcome<Done>(Done{}))).ok());
    const auto failed =
        protocol::decodePluginReply(protocol::encode(Outcome<Done>(Error(Errc::TimedOut, "late"))));
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code(), Errc::TimedOut);
    EXPECT_THROW(static_cast<void>(protocol::decodePluginRequest("{}")), Error);
    EXPECT_THROW(static_cast<void>(protocol::decodePluginReply("[]")), Error);
}

} // namespace
} // namespace nsd::cni
