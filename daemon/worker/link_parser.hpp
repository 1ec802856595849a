// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_state.hpp"

#include <cstdint>

struct nlmsghdr;

namespace nsd::worker {

// A link as RTM_NEWLINK describes it.
struct ParsedLink {
    LinkState state; // without addresses and the master's name
    std::uint32_t masterIndex = 0;
};

// Throws Error for a message that makes no sense.
[[nodiscard]] ParsedLink parseLink(nlmsghdr* message);

} // namespace nsd::worker
