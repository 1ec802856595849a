// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/live/namespace_tree.hpp"

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace nsd::client {

// Asks what the tree needs to know of these: where processes live, and who owns what was adopted. That only
// root can find out without a question to anybody; for others it is not known.
[[nodiscard]] std::vector<TreeNamespace> treeNamespaces(
    Client& client, std::vector<ListedNamespace> rows, uid_t asker);

// Whether there may be processes in it, as far as a List with processes tells.
[[nodiscard]] bool isInhabited(const ListedNamespace& row);

// The user namespace of the host, as far as it can be seen.
[[nodiscard]] std::uint64_t initialUserNamespace();

} // namespace nsd::client
