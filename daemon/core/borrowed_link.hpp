// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_custody.hpp"

#include <string>

namespace nsd {

// A link of the host that was moved into a namespace, and goes home before that goes. Recorded before it
// moves (insideIndex is 0 then), and again when it is there.
struct BorrowedLink {
    LinkCustody custody;
    std::string name; // inside, when it came; it can have been renamed there
    friend bool operator==(const BorrowedLink&, const BorrowedLink&) = default;
};

// A veth pair of which nobody has heard yet that it was made: it goes, if nsd is killed meanwhile.
struct UnfinishedVeth {
    std::string name; // inside
    std::string mac;
    friend bool operator==(const UnfinishedVeth&, const UnfinishedVeth&) = default;
};

} // namespace nsd
