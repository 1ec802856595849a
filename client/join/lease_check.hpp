// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace nsd::client {

// Whether a lease still counts. Away: nsd does not run now, and will know the lease again.
enum class LeaseCheck { Held, Away, Revoked };

// By its descriptor, without nsd.
[[nodiscard]] LeaseCheck checkLease(int lease) noexcept;

} // namespace nsd::client
