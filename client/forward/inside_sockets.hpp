// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/outcome.hpp"
#include "common/unique_fd.hpp"

namespace nsd::client {

// Where sockets inside a namespace come from.
class InsideSockets {
  public:
    InsideSockets() = default;
    InsideSockets(const InsideSockets&) = delete;
    InsideSockets& operator=(const InsideSockets&) = delete;
    virtual ~InsideSockets() = default;

    // A non-blocking one for TCP of this family, now or later. Whoever waits outlives this, or what
    // answers it.
    virtual void ask(int family, Completion<UniqueFd> done) = 0;
};

} // namespace nsd::client
