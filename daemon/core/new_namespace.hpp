// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/create_request.hpp"
#include "daemon/core/namespace_record.hpp"
#include "daemon/core/quotas.hpp"

#include <chrono>
#include <cstdint>

// What every new namespace begins with, whether nsd makes it or somebody brings it along.
namespace nsd {

// For as long as it is not yet published. Throws Error{LimitExceeded}; but what root makes for a user,
// he has, whatever his limit.
[[nodiscard]] Quotas::Share takeShare(Quotas& quotas, const CreateRequest& request);

// All of the record that the request alone decides; `now` is the loop's.
[[nodiscard]] NamespaceRecord newRecord(
    const CreateRequest& request, std::uint64_t digest, const Uuid& uuid, std::chrono::microseconds now);

} // namespace nsd
