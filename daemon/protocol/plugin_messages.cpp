// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/protocol/plugin_messages.hpp"

#include "daemon/protocol/json_fields.hpp"

#include <cstdint>

namespace nsd::protocol {
namespace {

constexpr const char* whose = "an nsd-cni's";

PluginRequest toRequest(const Json& json) {
    PluginRequest request;
    request.add = json.at("add").get<bool>();
    request.netns = json.at("netns").get<std::string>();
    request.path = json.at("path").get<std::vector<std::string>>();
    request.timeout = std::chrono::milliseconds(toInteger<std::int64_t>(json.at("timeout")));
    return request;
}

Outcome<Done> toReply(const Json& json) {
    if (json.contains("error"))
        return toError(json.at("error"));
    static_cast<void>(json.at("done"));
    return Done{};
}

} // namespace

std::string encode(const PluginRequest& request) {
    return dumpExactly({{"add", request.add}, {"netns", request.netns}, {"path", request.path},
        {"timeout", request.timeout.count()}});
}

std::string encode(const Outcome<Done>& reply) {
    return dump(reply.ok() ? Json{{"done", Json::object()}} : Json{{"error", toJson(reply.error())}});
}

PluginRequest decodePluginRequest(const std::string& text) {
    return decode(text, whose, toRequest);
}

Outcome<Done> decodePluginReply(const std::string& text) {
    return decode(text, whose, toReply);
}

} // namespace nsd::protocol
