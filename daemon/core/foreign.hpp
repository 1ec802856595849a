// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/namespace_record.hpp"

namespace nsd {

// Whether the user namespace that owns this namespace of the record is not the initial one, so that
// somebody without any privilege on the host rules what is in it. False for a type that is not there.
[[nodiscard]] bool isForeign(const NamespaceRecord& record, NamespaceType type);

} // namespace nsd
