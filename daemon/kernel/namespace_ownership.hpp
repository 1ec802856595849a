// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/kernel.hpp"

namespace nsd {

// See Kernel::ownershipOf.
[[nodiscard]] NamespaceOwnership ownershipOf(int nsFd);

} // namespace nsd
