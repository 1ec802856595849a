// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/join/id_map.hpp"

#include <optional>

namespace nsd::client {

// The maps of the user namespace that this process is in. `procFd` is the /proc of before the joins:
// the one inside is the owner's, who may have put anything there.
[[nodiscard]] IdMaps readIdMaps(int procFd);

// setgroups(2), setresgid(2), setresuid(2), in this order. Throws Error{KernelError}.
void takeIds(const IdPlan& plan);

} // namespace nsd::client
