// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

#include <cstdint>
#include <string>

namespace nsd::bus {

// Whom, and what: kind "user" or "group".
struct GrantArguments {
    std::string kind;
    std::uint32_t id;
    Words rights;
};

// Manager.Grant.
void grant(Context& context, const Call& call, const Uuid& target, GrantArguments what, const Reply<>& reply);
// Manager.Revoke: also ends the leases that were given on what is taken away.
void revoke(
    Context& context, const Call& call, const Uuid& target, GrantArguments what, const Reply<>& reply);

} // namespace nsd::bus
