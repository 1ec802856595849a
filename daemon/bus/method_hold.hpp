// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

namespace nsd::bus {

// Manager.Hold and Namespace.Hold.
void hold(Context& context, const Call& call, const Uuid& target, OptionMap options,
    const Reply<sdbus::UnixFd>& reply);

} // namespace nsd::bus
