// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/uuid.hpp"
#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

#include <string>
#include <vector>

// Manager.Export and CheckDefinitions: namespaces as the texts that make them.
namespace nsd::bus {

void exportDefinition(
    Context& context, const Call& call, const Uuid& target, const Reply<std::string>& reply);

void checkDefinitions(Context& context, const Call& call, TextMap definitions,
    const Reply<TextMap, std::vector<WireProblem>>& reply);

} // namespace nsd::bus
