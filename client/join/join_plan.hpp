// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_type.hpp"

#include <vector>

namespace nsd::client {

// What there is to join, and who wants to.
struct JoinFacts {
    NamespaceTypes types;
    NamespaceTypes foreign;  // of these: owned by a user namespace that is not nsctl's own
    bool privileged = false; // nsctl is root
    bool hasView = false;    // there is a prepared mount namespace for who joins none
};

struct JoinPlan {
    std::vector<NamespaceType> order;
    bool mapsIds = false;     // user is joined: the ids must be ones that are mapped inside
    bool forks = false;       // setns(2) on a pid namespace counts for children alone
    bool privateProc = false; // pid without mnt: /proc would show the processes outside
    bool hasView = false;     // what stands for mnt in the order
};

// The order of setns(2): root joins user last, for the others may belong to user namespaces in which
// he would have no privileges from inside this one; everybody else joins it first, for that is where
// he gets any. Throws Error{InvalidArgument} for a foreign mnt or pid without its user type: root
// would run the owner's programs with all of root's capabilities.
[[nodiscard]] JoinPlan planJoin(const JoinFacts& facts);

} // namespace nsd::client
