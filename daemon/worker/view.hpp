// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "daemon/protocol/view_messages.hpp"

#include <vector>

namespace nsd::worker {

// A mount namespace as the base's, in which /sys is that of the network namespace, as ip-netns(8) has it, but
// with all that the host has mounted below; /etc its own if it has one; nsd's runtime directory is there,
// without the pins. `fds` as the request says. With a user namespace, it belongs to that one, and nothing in
// it can be unmounted from inside.
[[nodiscard]] UniqueFd makeView(const protocol::ViewRequest& request, std::vector<UniqueFd> fds);

} // namespace nsd::worker
