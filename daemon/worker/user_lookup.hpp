// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/account_names.hpp"
#include "common/user_entry.hpp"

#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::worker {

// What this host knows of the user. Asks NSS, which may ask the network and hang; and the files
// subuid and subgid in `directory` (/etc). Throws Error where one of them cannot be asked, which is
// not the same as a user who is not there.
[[nodiscard]] UserEntry lookUpUser(uid_t uid, const std::string& directory);

// The numbers of users and groups, from NSS alone. Throws Error where it cannot be asked.
[[nodiscard]] AccountIds lookUpAccounts(const AccountNames& names);

// The lines of a file in the format of subuid(5) that are the user's, by name (may be empty) or by
// number. Lines that do not make sense are nobody's; a file that is not there has no line.
[[nodiscard]] std::vector<SubIds> readSubIds(const std::string& path, uid_t uid, const std::string& name);

} // namespace nsd::worker
