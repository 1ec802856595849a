// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/authority.hpp"

namespace nsd::bus {

// The authority of a bus on which nobody can be asked (the private bus): the answer is always
// AccessDenied, and says which right is missing.
class DenyAuthority final : public Authority {
  public:
    explicit DenyAuthority(Loop& loop) : loop_(loop) {}

    void ask(const AuthorizationRequest& request, Completion<Done> done) override;

  private:
    Loop& loop_;
};

} // namespace nsd::bus
