// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/socket_spec.hpp"

namespace nsd {

// OpenSocket's allow-list: internet sockets that send and receive, and nothing that shows or changes
// how the network is set up. SOCK_NONBLOCK and SOCK_CLOEXEC beside the type are taken as socket(2)
// takes them; the latter is always on. Answers what to hand to socket(2). Throws
// Error{InvalidArgument} that says what is allowed.
[[nodiscard]] SocketSpec checkedSocket(SocketSpec asked);

} // namespace nsd
