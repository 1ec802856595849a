// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <vector>

namespace nsd::test {

// Descriptors of every kind that a client might send where another one is asked for. `withHost`: also
// namespaces of the host, which nsd has to refuse; a test that runs as root leaves them out, since the
// harm of a mistake would be the machine's.
[[nodiscard]] std::vector<UniqueFd> descriptorsOfAllKinds(bool withHost);

} // namespace nsd::test
