// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/veth_spec.hpp"

#include "common/error.hpp"

#include <string>

namespace nsd {

void checkVethMtu(std::uint32_t mtu) {
    constexpr std::uint32_t least = 68;   // ETH_MIN_MTU
    constexpr std::uint32_t most = 65535; // ETH_MAX_MTU
    if (mtu < least || mtu > most)
        throw Error(Errc::InvalidArgument, "an MTU of " + std::to_string(mtu) + " is none of a veth: " +
                                               std::to_string(least) + " to " + std::to_string(most));
}

} // namespace nsd
