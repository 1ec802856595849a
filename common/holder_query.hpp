// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/nsfs.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nsd {

// The FIFO of a lease, to find who has it open.
struct LeaseFile {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint32_t uid = 0; // to whom it was given
    std::string text;      // "lease 3 of uid 1000, given to the owner"
};

// What is to be found out about what keeps namespaces alive.
struct HolderQuery {
    std::vector<NamespaceIdentity> namespaces;
    std::vector<LeaseFile> leases{};
    std::vector<std::string> ownMounts{}; // paths in the daemon's mount namespace, beside the pins
};

} // namespace nsd
