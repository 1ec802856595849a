// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/create_request.hpp"

#include <cstdint>

namespace nsd {

// A number that says whether two validated requests ask for the same thing. The record keeps it, not
// the arguments: its name and labels may have changed since. It guards a caller against his own
// mistakes alone (a request id's scope is its uid), so that FNV-1a is good enough.
[[nodiscard]] std::uint64_t requestDigest(const CreateRequest& request);

} // namespace nsd
