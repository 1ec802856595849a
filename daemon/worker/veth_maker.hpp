// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_custody.hpp"
#include "common/veth_spec.hpp"

#include <string>
#include <utility>

namespace nsd::worker {

// What daemon/core/links.hpp says of them. All throw Error.
[[nodiscard]] std::pair<MovedLink, MovedLink> makeVeth(int insideNetNs, int peerNetNs, const VethSpec& veth);
[[nodiscard]] bool removeVeth(int netNs, const std::string& name, const std::string& mac);

} // namespace nsd::worker
