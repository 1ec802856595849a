// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace nsd {

// How much of the daemon one user may have (core/quotas keeps the count). nsd.json says what each one
// is; a member's initial value is the default.
struct QuotaLimits {
    std::uint32_t namespaces = 256;
    std::uint32_t leases = 256;
    std::uint32_t processes = 64;
    std::uint32_t calls = 16; // under way
    std::uint32_t rate = 50;  // changes a second, on average
    std::uint32_t burst = 100;
    friend bool operator==(const QuotaLimits&, const QuotaLimits&) = default;
};

} // namespace nsd
