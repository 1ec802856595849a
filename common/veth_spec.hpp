// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/ip_address.hpp"
#include "common/link_name.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nsd {

// One end of a veth pair, as it is made.
struct VethEnd {
    LinkName name;
    // Given, and recorded, by who asks, so that he knows the end again if he is killed before the answer.
    std::string mac; // common/mac_address: randomMac()
    std::vector<IpPrefix> addresses{};
    std::vector<RouteSpec> routes{};
    friend bool operator==(const VethEnd&, const VethEnd&) = default;
};

// A pair of links, each end in a network namespace of its own, both up.
struct VethSpec {
    VethEnd inside;
    VethEnd peer;
    std::optional<std::uint32_t> mtu{}; // of both ends; none: the kernel's
    friend bool operator==(const VethSpec&, const VethSpec&) = default;
};

// Throws Error{InvalidArgument} for an MTU that a veth cannot have.
void checkVethMtu(std::uint32_t mtu);

} // namespace nsd
