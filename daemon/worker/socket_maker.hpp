// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/socket_spec.hpp"
#include "common/unique_fd.hpp"
#include "common/user_ids.hpp"

namespace nsd::worker {

// A socket in the network namespace, made with the ids of somebody and without capabilities, so that
// the kernel refuses what it would refuse him, and the socket is his (the owner that netfilter and
// SO_REUSEPORT look at). A child of its own makes it: the worker stays where and who it is. Throws Error.
[[nodiscard]] UniqueFd makeSocket(int netNs, const SocketSpec& socket, const UserIds& ids);

} // namespace nsd::worker
