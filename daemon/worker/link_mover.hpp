// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_custody.hpp"
#include "daemon/worker/link_places.hpp"

#include <string>

namespace nsd::worker {

// What daemon/core/links.hpp says of the two halves of a move. All throw Error.
[[nodiscard]] LinkCustody inspectLink(LinkPlaces& places, const std::string& name);
[[nodiscard]] MovedLink moveLink(
    LinkPlaces& places, const LinkCustody& custody, const std::string& name, bool up);

} // namespace nsd::worker
