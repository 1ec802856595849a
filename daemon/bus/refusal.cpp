// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/refusal.hpp"

#include "common/quote.hpp"

#include <string>

namespace nsd::bus {
namespace {

// Before there is a namespace nothing can be granted on it, and never anything to those who may be
// anybody.
bool canBeGranted(const AuthorizationRequest& request) noexcept {
    return !request.uuid.empty() && ruleOf(request.right).grantable && !isNobody(request.caller.uid);
}

} // namespace

Error refusal(const AuthorizationRequest& request, std::string_view why) {
    const auto uid = std::to_string(request.caller.uid);
    const std::string right(toWord(request.right));
    std::string text = "uid " + uid + " lacks the right " + quoted(right);
    if (!request.uuid.empty())
        text += " on namespace " + quoted(request.name);
    text += ": ";
    text += why;
    if (canBeGranted(request))
        text += "; root can grant it: nsctl grant " + request.name + " user:" + uid + " " + right;
    else
        text += "; root has it";
    return {Errc::AccessDenied, text};
}

} // namespace nsd::bus
