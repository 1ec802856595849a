// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

#include <string>

namespace nsd::bus {

// Manager.Identify.
void identify(Context& context, const Call& call, const sdbus::UnixFd& received,
    const Reply<std::string, std::string>& reply);
// Manager.IdentifyProcess: root, or the caller's own process.
void identifyProcess(
    Context& context, const Call& call, const sdbus::UnixFd& received, const Reply<TextMap>& reply);

} // namespace nsd::bus
