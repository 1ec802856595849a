// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/holder.hpp"
#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

#include <vector>

namespace nsd::bus {

// Manager.Holders and Namespace.Holders. Anybody but root sees his own processes alone.
void holders(Context& context, const Call& call, const Uuid& target, const Reply<OptionMaps>& reply);

// Those that this caller may know of: others' processes are root's alone to see. For every answer that
// has holders in it.
[[nodiscard]] std::vector<Holder> visibleTo(const Caller& caller, std::vector<Holder> holders);
// kind, pid, comm, type, detail: also Destroy's answer.
[[nodiscard]] OptionMaps toWire(const std::vector<Holder>& holders);

} // namespace nsd::bus
