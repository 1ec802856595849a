// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_request.hpp"
#include "config/json_field.hpp"

#include <vector>

namespace nsd {

// The value of key "links", as far as its types are good; complains about the rest.
[[nodiscard]] std::vector<LinkRequest> linksOf(const JsonField& field);

} // namespace nsd
