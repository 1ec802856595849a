// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/deny_authority.hpp"

#include "common/quote.hpp"

#include <string>
#include <utility>

namespace nsd::bus {

void DenyAuthority::ask(const AuthorizationRequest& request, Completion<Done> done) {
    std::string text =
        "uid " + std::to_string(request.caller.uid) + " lacks the right " + quoted(toWord(request.right));
    if (!request.name.empty())
        text += " on namespace " + quoted(request.name);
    text += ": root has it, and nobody else can grant it here";
    loop_.post([done = std::move(done), text = std::move(text)] { done(Error(Errc::AccessDenied, text)); });
}

} // namespace nsd::bus
