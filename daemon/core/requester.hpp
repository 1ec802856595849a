// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/authority.hpp"

#include <optional>
#include <sys/types.h>

namespace nsd {

// On whose word a namespace or a command comes or goes, for the journal. Not whose it is: root may make one
// for somebody else.
struct Requester {
    uid_t uid = 0;
    pid_t pid = 0; // at connect time; 0: not known
};

// Empty: nobody called. nsd did it by itself: a time to live or the last lease was over, a file declares it,
// or it was found at the start.
using MaybeRequester = std::optional<Requester>;

[[nodiscard]] inline Requester requesterOf(const Caller& caller) {
    return {caller.uid, caller.pid};
}

} // namespace nsd
