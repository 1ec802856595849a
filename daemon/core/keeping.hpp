// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/declarations.hpp"
#include "daemon/core/namespaces.hpp"

// What it means for others that a file or a unit keeps a namespace.
namespace nsd {

// Throws Error{Busy} for what nsd@ or a file of the administrator's or a package's keeps.
void checkNotKept(const Declarations& declarations, const NamespaceRecord& record);
// Throws Error{NameExists} where what is persistent cannot have a name, since such a file has it.
void checkNotDeclared(const Declarations& declarations, const Name& name);
// What nsd@'s stop is answered about a namespace that its start did not make.
[[nodiscard]] DestroyResult leftAlone(const NamespaceRecord& record);

} // namespace nsd
