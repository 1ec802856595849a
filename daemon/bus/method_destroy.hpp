// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

#include <string>

namespace nsd::bus {

// Manager.Destroy.
void destroy(
    Context& context, const Call& call, std::string name, OptionMap given, const Reply<OptionMap>& reply);
// Namespace.Destroy.
void destroy(
    Context& context, const Call& call, const Uuid& target, OptionMap given, const Reply<OptionMap>& reply);

} // namespace nsd::bus
