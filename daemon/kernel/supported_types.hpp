// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_type.hpp"

namespace nsd {

// The types of the running kernel, as /proc/self/ns shows them.
[[nodiscard]] NamespaceTypes typesOfKernel();

} // namespace nsd
