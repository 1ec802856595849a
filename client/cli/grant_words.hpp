// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/cli/arguments.hpp"
#include "client/client.hpp"

namespace nsd::client {

// What grant and revoke have behind NAME: user:U or group:G, each a name or a number, and rights,
// separated by commas or spaces. Which rights there are is the daemon's to say. Throws UsageError.
[[nodiscard]] Grant parseGrant(const std::vector<std::string>& words);

} // namespace nsd::client
