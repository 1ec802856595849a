// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/protocol/view_json.hpp"

namespace nsd::protocol {

Json toJson(const ViewRequest& request) {
    return {{"runtimeDirectory", request.runtimeDirectory}, {"withUser", request.withUser},
        {"withEtc", request.withEtc}, {"etcFiles", request.etcFiles}};
}

Json toJson(const EtcRequest& request) {
    return {{"netnsDirectory", request.netnsDirectory}, {"defaults", request.defaults}, {"own", request.own},
        {"scratch", request.scratch}};
}

ViewRequest toViewRequest(const Json& json) {
    return {json.at("runtimeDirectory").get<std::string>(), json.at("withUser").get<bool>(),
        json.at("withEtc").get<bool>(), json.at("etcFiles").get<std::vector<std::string>>()};
}

EtcRequest toEtcRequest(const Json& json) {
    return {json.at("netnsDirectory").get<std::string>(), json.at("defaults").get<EtcFiles>(),
        json.at("own").get<EtcFiles>(), json.at("scratch").get<std::string>()};
}

} // namespace nsd::protocol
