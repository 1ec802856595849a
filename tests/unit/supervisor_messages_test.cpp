// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/protocol/supervisor_messages.hpp"

#include <gtest/gtest.h>

namespace nsd::protocol {
namespace {

SuperviseRequest someRequest() {
    SuperviseRequest request;
    request.command.argv = {"echo", "grüße"};
    request.command.environment = {"A=1"};
    request.command.directory = "/tmp";
    request.command.terminal = true;
    request.command.ids = {1000, 1001, {27, 1001}};
    request.command.idsAreInside = true;
    request.command.keepsCapabilities = true;
    request.types = {NamespaceType::Net, NamespaceType::User};
    request.stdio = {true, false, true};
    request.entersControlGroup = true;
    request.runtimeDirectory = "/run/nsd";
    return request;
}

template <class F>
std::string codeOf(F&& step) {
    try {
        std::forward<F>(step)();
    } catch (const Error& error) {
        return std::string(toWord(error.code()));
    }
    return "none";
}

TEST(SupervisorMessages, aRequestArrivesAsItIs) {
    const auto request = someRequest();
    const auto arrived = decodeSuperviseRequest(encode(request));
    EXPECT_EQ(arrived.command.argv, request.command.argv);
    EXPECT_EQ(arrived.command.environment, request.command.environment);
    EXPECT_EQ(arrived.command.directory, request.command.directory);
    EXPECT_TRUE(arrived.command.terminal);
    EXPECT_EQ(arrived.command.ids.uid, request.command.ids.uid);
    EXPECT_EQ(arrived.command.ids.gid, request.command.ids.gid);
    EXPECT_EQ(arrived.command.ids.groups, request.command.ids.groups);
    EXPECT_TRUE(arrived.command.idsAreInside);
    EXPECT_TRUE(arrived.command.keepsCapabilities);
    EXPECT_EQ(arrived.types, request.types);
    EXPECT_EQ(arrived.stdio, request.stdio);
    EXPECT_TRUE(arrived.entersControlGroup);
    EXPECT_EQ(arrived.runtimeDirectory, request.runtimeDirectory);
}

TEST(SupervisorMessages, aCommandThatWouldNotArriveAsItIsIsAnError) {
    auto request = someRequest();
    request.command.argv.emplace_back("\xff");
    EXPECT_EQ(codeOf([&] { static_cast<void>(encode(request)); }), "InvalidArgument");
}

TEST(SupervisorMessages, aStartSaysAsWhom) {
    const auto reply = decodeSupervisorReply(encode(SupervisorReply(CommandStarted{{17, 99}, 4294967294U})));
    EXPECT_EQ(std::get<CommandStarted>(reply).command, (KnownProcess{17, 99}));
    EXPECT_EQ(std::get<CommandStarted>(reply).uid, 4294967294U);
}

TEST(SupervisorMessages, anErrorKeepsAllThatItSays) {
    const auto reply = decodeSupervisorReply(encode(SupervisorReply(Error(Errc::Degraded, "dead \xff", 3))));
    EXPECT_EQ(std::get<Error>(reply).code(), Errc::Degraded);
    EXPECT_EQ(std::get<Error>(reply).text(), "dead \ufffd");
    EXPECT_EQ(std::get<Error>(reply).errnoValue(), 3);
}

TEST(SupervisorMessages, rubbishIsAnError) {
    for (const auto* text : {"", "{", "[]", "{}", "7", R"({"started": {"pid": 1}})", R"({"error": {}})",
             R"({"started": {"pid": -5000000000, "startTime": 1, "uid": 0}})", "\xff"}) {
        EXPECT_EQ(codeOf([&] { static_cast<void>(decodeSupervisorReply(text)); }), "KernelError") << text;
        EXPECT_EQ(codeOf([&] { static_cast<void>(decodeSuperviseRequest(text)); }), "KernelError") << text;
    }
}

} // namespace
} // namespace nsd::protocol
