// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/socket/socket_address.hpp"
#include "common/unique_fd.hpp"

#include <string>
#include <vector>

namespace nsd::client {

// Binds the socket, and listens where it is one of tcp. The address is one inside the namespace that the
// socket was made in, wherever this process is. Throws Error.
void bindSocket(int socket, const SocketAddress::Local& local, bool listens);

// Becomes the command, which gets the socket as descriptor 3 by the protocol of sd_listen_fds(3):
// LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES. Comes back only where the command cannot be executed: with its
// exit status, 126 or 127, told on standard error under `what`. Throws Error for what is before that.
[[nodiscard]] int runWithSocket(
    const std::string& what, UniqueFd socket, const std::string& name, std::vector<std::string> command);

} // namespace nsd::client
