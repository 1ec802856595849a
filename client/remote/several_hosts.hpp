// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/verbs/verb_context.hpp"

#include <string>
#include <vector>

namespace nsd::client {

// What nsctl is asked to do on other hosts.
struct RemoteRequest {
    std::vector<std::string> hosts;
    std::string verb;                 // its name, never an alias
    std::vector<std::string> options; // those of every verb, as they stood before it; without --json
    std::vector<std::string> line;    // the verb, as it was written, and what follows it
};

// Does it on all of the hosts at once: list and status as one table or JSON array, in the order of the hosts;
// create and destroy with each line of theirs behind the host's name. Answers the first exit status that is
// not 0. Throws UsageError for other verbs, which have one host at a time.
[[nodiscard]] int runOnHosts(VerbContext& context, const RemoteRequest& request);

} // namespace nsd::client
