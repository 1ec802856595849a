// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

#include <vector>

namespace nsd::bus {

// Manager.List: one page, and about its rows what the option `with` asks for.
void list(Context& context, const Call& call, OptionMap options, const Reply<std::vector<ListRow>>& reply);

} // namespace nsd::bus
