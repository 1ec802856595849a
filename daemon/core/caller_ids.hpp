// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/user_entry.hpp"
#include "common/user_ids.hpp"
#include "daemon/core/authority.hpp"

namespace nsd {

// The ids with which the caller of a method acts: its uid and all of its groups as the bus knows them.
// The bus does not say which group is the primary one: it is that of the user database if the caller
// has it; else the one with the number of the uid, if the caller has that; else the lowest. Never one
// that the caller has not, whatever the database says. Throws Error{AccessDenied} for a caller without
// a group, and for the uids that are nobody's (65534, 4294967295).
[[nodiscard]] UserIds idsOf(const Caller& caller, const UserEntry& entry);

} // namespace nsd
