// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace nsd::worker {

// Moves the caller to the CPU number `turn` of those that it may run on, counted round. The kernel
// hands out mount namespace ids in batches per CPU (Linux 6.18), so that one made on another CPU
// may be younger than its pinner where the last was not. Does nothing where this is not allowed:
// it is only another chance.
void moveToCpu(unsigned turn) noexcept;

} // namespace nsd::worker
