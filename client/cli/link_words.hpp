// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nsd::client {

constexpr auto vethForm = "NAME[:PEER[@NAMESPACE]][,KEY=VALUE…]";

// Such words. Throw UsageError.
[[nodiscard]] LinkRequest parseVeth(std::string_view text);
[[nodiscard]] std::vector<LinkRequest> parseVeths(const std::vector<std::string>& texts);

} // namespace nsd::client
