// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

#include <string>

namespace nsd::bus {

// Manager.Rename.
void rename(Context& context, const Call& call, std::string from, std::string to, const Reply<>& reply);
// Manager.SetLabels and Namespace.SetLabels.
void setLabels(Context& context, const Call& call, const Uuid& target, TextMap labels, const Reply<>& reply);

} // namespace nsd::bus
