// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/output/model.hpp"

#include <string>
#include <vector>

namespace nsd::client {

// What CNI plugins have answered: one record for each link inside, with its addresses, and one for each at
// the host's side of it. Empty for a text that says nothing of the kind.
[[nodiscard]] std::vector<Record> linksOf(const std::string& cniResult);

} // namespace nsd::client
