// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_request.hpp"
#include "daemon/bus/wire_types.hpp"

#include <vector>

namespace nsd::bus {

// AddLink's options, or one entry of Create's links. Throws Error{InvalidArgument} that names the option.
[[nodiscard]] LinkRequest readLink(OptionMap given);
[[nodiscard]] std::vector<LinkRequest> readLinks(OptionMaps given);

} // namespace nsd::bus
