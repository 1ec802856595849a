// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/user_entry.hpp"
#include "daemon/core/create_request.hpp"

namespace nsd {

// Whether what is asked for is a user namespace of somebody else than root, so that nothing can be
// made before it is known who he is.
[[nodiscard]] bool needsOwnersEntry(const CreateRequest& request) noexcept;

// Fills in the owner's primary group and whether setgroups may be allowed inside: only if the admin
// gave him other groups (subgid(5)), since one who drops a group of his own gets past what it denies
// him (CVE-2014-8989). What somebody else than root asks for may map nothing but the caller's own uid
// and gid and his ranges of /etc/subuid and /etc/subgid: AccessDenied that shows the line and the file.
void completeForOwner(CreateRequest& request, const UserEntry& owner);

// With the default maps written out, for the owner as he is now: what is kept over reboots must not follow
// /etc/passwd.
[[nodiscard]] NamespaceSpec withExplicitMaps(NamespaceSpec spec);

} // namespace nsd
