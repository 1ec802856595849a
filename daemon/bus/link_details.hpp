// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_state.hpp"
#include "daemon/bus/wire_types.hpp"
#include "daemon/core/borrowed_link.hpp"

#include <vector>

namespace nsd::bus {

// The links of a namespace as List's "links" and "link-details" show them.
[[nodiscard]] Words namesOf(const std::vector<LinkState>& links);
[[nodiscard]] OptionMaps detailsOf(
    const std::vector<LinkState>& links, const std::vector<BorrowedLink>& borrowed);

} // namespace nsd::bus
