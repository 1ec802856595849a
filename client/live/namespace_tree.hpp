// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "client/live/process_scan.hpp"
#include "client/output/model.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nsd::client {

// A namespace, and where it stands in the tree.
struct TreeNamespace {
    ListedNamespace row;
    std::map<std::string, std::uint64_t> inodes{}; // type → inode; empty: nobody needs to know
    std::uint64_t ownerInode = 0;                  // of the user namespace that owns it; 0: not known
};

// Owner user namespace → namespaces → processes, each below its parent where that is inside, too. A
// namespace that is owned by the user namespace of another one stands below that. Each record has "children".
[[nodiscard]] std::vector<Record> namespaceTree(const std::vector<TreeNamespace>& namespaces,
    const std::vector<SeenProcess>& processes, std::uint64_t initialUserNamespace);

} // namespace nsd::client
