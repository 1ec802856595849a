// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

namespace nsd::bus {

// Manager.Enter and Namespace.Enter.
void enter(Context& context, const Call& call, const Uuid& target, const Words& words, OptionMap options,
    const Reply<FdMap>& reply);

} // namespace nsd::bus
