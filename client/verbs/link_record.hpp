// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "client/output/model.hpp"

#include <string>
#include <vector>

namespace nsd::client {

// A link as show and link list tell of it; `of`: the namespace, empty where that is clear.
[[nodiscard]] Record linkRecord(const LinkDetails& link, const std::string& of);
[[nodiscard]] std::vector<Record> linkRecords(const std::vector<LinkDetails>& links);

} // namespace nsd::client
