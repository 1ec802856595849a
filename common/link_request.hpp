// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nsd {

// A veth pair that is asked for, one end in a new namespace or one that is there: an entry of Create's
// links. Texts as they were given; what they must be is checked by daemon/core/link_rules.
struct LinkRequest {
    std::string name;            // inside
    std::string peer{};          // the other end; empty: as inside, and on the host one of nsd's choice
    std::string peerNamespace{}; // where that is; empty: on the host
    std::vector<std::string> addresses{};
    std::vector<std::string> peerAddresses{};
    std::vector<std::string> routes{}; // inside
    std::uint32_t mtu = 0;             // of both ends; 0: the kernel's
    friend bool operator==(const LinkRequest&, const LinkRequest&) = default;
};

} // namespace nsd
