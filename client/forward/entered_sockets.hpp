// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/forward/inside_sockets.hpp"

namespace nsd::client {

// For who may enter the network namespace: is in it for as long as it takes to make a socket, so that it is
// none of those who live there and are killed with it.
class EnteredSockets final : public InsideSockets {
  public:
    // Throws Error.
    explicit EnteredSockets(UniqueFd netNs);

    void ask(int family, Completion<UniqueFd> done) override;

  private:
    [[nodiscard]] UniqueFd make(int family) const;

    UniqueFd inside_;
    UniqueFd outside_;
};

} // namespace nsd::client
