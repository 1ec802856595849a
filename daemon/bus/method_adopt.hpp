// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

#include <string>

namespace nsd::bus {

// Manager.Adopt.
void adopt(Context& context, const Call& call, std::string name, const FdMap& received, OptionMap options,
    const Reply<sdbus::ObjectPath>& reply);

} // namespace nsd::bus
