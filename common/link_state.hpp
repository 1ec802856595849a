// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nsd {

// What tells a link from every other one and cannot be made up by who has the rights of root in the
// network namespace where it is: there, names, alternative names, MAC address and even the index are
// whatever he likes.
struct LinkIdentity {
    std::string kind;           // "veth", "bridge", "macvlan"; empty: none, as hardware has
    std::string parentDevice{}; // "pci/0000:00:03.0", where the kernel says so; empty: no hardware
    std::string permanentMac{}; // burnt into hardware; empty: none
    // Its index in the network namespace where it was first, of the other end of a veth or of the link
    // below a macvlan. 0: none.
    std::uint32_t peerIndex = 0;
    friend bool operator==(const LinkIdentity&, const LinkIdentity&) = default;
};

// A network link as the kernel describes it.
struct LinkState {
    std::uint32_t index = 0;
    std::string name;
    std::vector<std::string> altNames{};
    LinkIdentity identity{};
    std::optional<std::int32_t> peerNsid{}; // where the peer is, if in another network namespace
    bool isLoopback = false;
    bool isImmutable = false; // cannot leave its network namespace; before Linux 6.16 the kernel does not say
    std::string mac{};        // empty: none
    std::uint32_t mtu = 0;
    bool isUp = false;                    // set up by its administrator
    std::string operState{};              // "up", "down", "lowerlayerdown", "unknown" …
    std::string master{};                 // the name of the bridge or bond that it belongs to
    std::vector<std::string> addresses{}; // "10.0.0.2/24", "fe80::1/64"
    friend bool operator==(const LinkState&, const LinkState&) = default;
};

} // namespace nsd
