// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "daemon/core/authority.hpp"

#include <string_view>

namespace nsd::bus {

// AccessDenied in words of use to who is refused: which right is missing on what, why nobody gave it
// now, and who can give it for good.
[[nodiscard]] Error refusal(const AuthorizationRequest& request, std::string_view why);

} // namespace nsd::bus
