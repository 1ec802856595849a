// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"

// What every operation on the links of a namespace begins with.
namespace nsd {

// The record of a namespace that is there and has type net. Throws Error{NoSuchNamespace, Busy,
// TypeNotPresent}.
[[nodiscard]] NamespaceRecord& linkTarget(Core& core, const Uuid& uuid);
// Its network namespace, verified. Throws Error{Degraded}, and the namespace is that then.
[[nodiscard]] UniqueFd openNet(Core& core, const NamespaceRecord& record);
// The same; invalid where there is none any more.
[[nodiscard]] UniqueFd openNetIfThere(Core& core, const NamespaceRecord& record);

} // namespace nsd
