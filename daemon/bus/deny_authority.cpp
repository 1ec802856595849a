// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/deny_authority.hpp"

#include "daemon/bus/refusal.hpp"

#include <utility>

namespace nsd::bus {

void DenyAuthority::ask(const AuthorizationRequest& request, Completion<Done> done) {
    auto error = refusal(request, "on this bus nobody is asked");
    loop_.post([done = std::move(done), error = std::move(error)] { done(error); });
}

} // namespace nsd::bus
