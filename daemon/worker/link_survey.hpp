// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "daemon/protocol/messages.hpp"

#include <vector>

namespace nsd::worker {

// The links of each network namespace. A child of the worker goes and looks.
[[nodiscard]] protocol::LinksReply surveyLinks(const std::vector<UniqueFd>& namespaces);

} // namespace nsd::worker
