// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

#include <string>

namespace nsd::bus {

// Manager.MoveLink.
void moveLink(Context& context, const Call& call, const Uuid& target, std::string link, OptionMap options,
    const Reply<>& reply);
// Manager.ReturnLink.
void returnLink(Context& context, const Call& call, const Uuid& target, std::string link, OptionMap options,
    const Reply<>& reply);
// Manager.AddLink.
void addLink(Context& context, const Call& call, const Uuid& target, OptionMap options, const Reply<>& reply);

} // namespace nsd::bus
