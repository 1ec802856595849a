// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/kernel.hpp"

namespace nsd {

// See Kernel::namespacesOfProcess.
[[nodiscard]] Kernel::ProcessNamespaces namespacesOfProcess(int pidfd);

} // namespace nsd
