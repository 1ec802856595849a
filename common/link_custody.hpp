// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_state.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nsd {

// All that has to be kept of a link while it is in a namespace, so that it can come home as it was, also
// after a daemon that was killed at any point of the way. It is written down before the link moves.
//
// How the link is found again: by its index inside, which stays what it is as long as the link is there;
// by the tag, an alternative name that it is given before it moves and that goes with it, also when
// the kernel itself sends it home (which is why a kill between the move and its record loses nothing);
// by its hardware. Whatever is found so has to have the identity, too: index and tag can be given to
// another link by who is root inside, and that one must never come home in its place.
struct LinkCustody {
    std::string tag;  // "nsd-…", an alternative name
    std::string name; // at home
    std::uint32_t homeIndex = 0;
    std::uint32_t insideIndex = 0; // 0: not known yet
    LinkIdentity identity{};
    std::vector<std::string> altNames{};
    std::string mac{};
    std::uint32_t mtu = 0;
    bool wasUp = false;
    std::string master{}; // its name; empty: none
    friend bool operator==(const LinkCustody&, const LinkCustody&) = default;
};

// Where a link came to.
struct MovedLink {
    std::uint32_t index = 0;
    std::string name;
    friend bool operator==(const MovedLink&, const MovedLink&) = default;
};

// What became of a link that was to come home.
struct ReturnedLink {
    enum class End {
        Home, // it is at home, now or already
        Gone, // it is neither inside nor at home: deleted, or taken elsewhere
    };
    End end = End::Home;
    std::string name{}; // at home
    // Sentences for the user about what is not as it was: another name since somebody has taken its own,
    // a master that is gone, why it is Gone.
    std::vector<std::string> remarks{};
    friend bool operator==(const ReturnedLink&, const ReturnedLink&) = default;
};

} // namespace nsd
