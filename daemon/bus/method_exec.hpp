// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

#include <vector>

namespace nsd::bus {

// Manager.Exec and Namespace.Exec.
void exec(Context& context, const Call& call, const Uuid& target, Words argv, OptionMap options,
    const Reply<sdbus::ObjectPath, sdbus::UnixFd>& reply);
// Manager.ListProcesses: root sees all, everybody else his own.
void listProcesses(
    Context& context, const Call& call, OptionMap options, const Reply<std::vector<ProcessRow>>& reply);

} // namespace nsd::bus
