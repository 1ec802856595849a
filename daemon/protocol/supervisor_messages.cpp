// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/protocol/supervisor_messages.hpp"

#include "daemon/protocol/json_fields.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace nsd::protocol {
namespace {

constexpr const char* whose = "a supervisor's";

Json toJson(const CommandSpec& command) {
    return {{"argv", command.argv}, {"environment", command.environment}, {"directory", command.directory},
        {"terminal", command.terminal}, {"ids", protocol::toJson(command.ids)},
        {"idsAreInside", command.idsAreInside}, {"keepsCapabilities", command.keepsCapabilities}};
}

CommandSpec toCommand(const Json& json) {
    CommandSpec command;
    command.argv = json.at("argv").get<std::vector<std::string>>();
    command.environment = json.at("environment").get<std::vector<std::string>>();
    command.directory = json.at("directory").get<std::string>();
    command.terminal = json.at("terminal").get<bool>();
    command.ids = toUserIds(json.at("ids"));
    command.idsAreInside = json.at("idsAreInside").get<bool>();
    command.keepsCapabilities = json.at("keepsCapabilities").get<bool>();
    return command;
}

struct Encoder {
    Json operator()(const SupervisorReady& /*reply*/) const { return {{"ready", Json::object()}}; }
    Json operator()(const CommandStarted& reply) const {
        return {{"started",
            {{"pid", reply.command.pid}, {"startTime", reply.command.startTime}, {"uid", reply.uid}}}};
    }
    Json operator()(const Error& error) const { return {{"error", protocol::toJson(error)}}; }
};

SupervisorReply toReply(const Json& json) {
    if (json.contains("ready"))
        return SupervisorReady{};
    if (json.contains("error"))
        return toError(json.at("error"));
    const auto& started = json.at("started");
    return CommandStarted{
        {toInteger<pid_t>(started.at("pid")), toInteger<std::uint64_t>(started.at("startTime"))},
        toInteger<uid_t>(started.at("uid"))};
}

SuperviseRequest toRequest(const Json& json) {
    SuperviseRequest request;
    request.command = toCommand(json.at("command"));
    request.types = toTypes(json.at("types"));
    request.stdio = json.at("stdio").get<std::array<bool, 3>>();
    request.entersControlGroup = json.at("entersControlGroup").get<bool>();
    request.hasView = json.at("hasView").get<bool>();
    request.runtimeDirectory = json.at("runtimeDirectory").get<std::string>();
    return request;
}

} // namespace

std::string encode(const SuperviseRequest& request) {
    return dumpExactly({{"command", toJson(request.command)}, {"types", protocol::toJson(request.types)},
        {"stdio", request.stdio}, {"entersControlGroup", request.entersControlGroup},
        {"hasView", request.hasView}, {"runtimeDirectory", request.runtimeDirectory}});
}

std::string encode(const SupervisorReply& reply) {
    return dump(std::visit(Encoder{}, reply));
}

SuperviseRequest decodeSuperviseRequest(const std::string& text) {
    return decode(text, whose, toRequest);
}

SupervisorReply decodeSupervisorReply(const std::string& text) {
    return decode(text, whose, toReply);
}

} // namespace nsd::protocol
