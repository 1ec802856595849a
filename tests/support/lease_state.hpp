// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

namespace nsd::test {

// What a lease's descriptor tells its holder.

// As poll(2) shows it: nobody has the other end any more.
[[nodiscard]] bool hasError(const UniqueFd& lease);
// For good: the FIFO has no name any more.
[[nodiscard]] bool isRevoked(const UniqueFd& lease);

} // namespace nsd::test
