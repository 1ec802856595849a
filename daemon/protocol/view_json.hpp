// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/protocol/json_fields.hpp"
#include "daemon/protocol/view_messages.hpp"

// How the requests of daemon/protocol/view_messages stand in JSON, both ways.
namespace nsd::protocol {

[[nodiscard]] Json toJson(const ViewRequest& request);
[[nodiscard]] Json toJson(const EtcRequest& request);
[[nodiscard]] ViewRequest toViewRequest(const Json& json);
[[nodiscard]] EtcRequest toEtcRequest(const Json& json);

} // namespace nsd::protocol
