// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/socket_spec.hpp"
#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"
#include "daemon/bus/wire_types.hpp"

namespace nsd::bus {

// Manager.OpenSocket and Namespace.OpenSocket.
void openSocket(Context& context, const Call& call, const Uuid& target, const SocketSpec& asked,
    OptionMap options, const Reply<sdbus::UnixFd>& reply);

} // namespace nsd::bus
