// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_custody.hpp"
#include "common/link_state.hpp"
#include "common/veth_spec.hpp"

#include <nlohmann/json.hpp>
#include <vector>

// How links stand in the protocol's messages, both ways; like json_fields, for this folder's .cpp files.
namespace nsd::protocol {

[[nodiscard]] nlohmann::json toJson(const std::vector<LinkState>& links);
[[nodiscard]] nlohmann::json toJson(const LinkCustody& custody);
[[nodiscard]] nlohmann::json toJson(const MovedLink& link);
[[nodiscard]] nlohmann::json toJson(const ReturnedLink& link);
[[nodiscard]] nlohmann::json toJson(const VethSpec& veth);

[[nodiscard]] LinkState toLinkState(const nlohmann::json& json);
[[nodiscard]] LinkCustody toLinkCustody(const nlohmann::json& json);
[[nodiscard]] MovedLink toMovedLink(const nlohmann::json& json);
[[nodiscard]] ReturnedLink toReturnedLink(const nlohmann::json& json);
[[nodiscard]] VethSpec toVethSpec(const nlohmann::json& json);

} // namespace nsd::protocol
