// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

// Leases on disk: NAME/leases/N is a FIFO, and NAME/leases/N.meta says whose it is. The file of the
// two that says something comes first and goes last, so that a FIFO always has one. Whether a lease
// is held is not written down: a FIFO with a write end open somewhere is. All functions throw Error.
namespace nsd {

// Who was given a lease, and why he might have it (Caller::ground).
struct LeaseHolder {
    uid_t uid = 0;
    std::string ground{};
    friend bool operator==(const LeaseHolder&, const LeaseHolder&) = default;
};

struct LeaseEnds {
    UniqueFd reader; // while it is open, the write end shows no error
    UniqueFd writer; // the lease
};

constexpr const char* leasesLeaf = "leases";

// The directory of the leases in a namespace's directory; made where it is missing.
[[nodiscard]] UniqueFd openLeases(int namespaceDirectory);
// Invalid where there is none.
[[nodiscard]] UniqueFd openLeasesIfThere(int namespaceDirectory);

// Leaves nothing behind when it throws.
[[nodiscard]] LeaseEnds makeLease(int leases, std::uint32_t number, const LeaseHolder& holder);
void removeLease(int leases, std::uint32_t number);

// What a start finds.
struct FoundLeases {
    struct Held {
        std::uint32_t number;
        LeaseHolder holder;
        UniqueFd reader;
    };
    std::vector<Held> held;
    std::vector<std::uint32_t> closed; // the last copy went while nobody looked
    std::vector<std::uint32_t> halfMade;
    std::vector<std::pair<std::string, std::string>> rubbish; // what it is called, and what is wrong
};
[[nodiscard]] FoundLeases findLeases(int leases);

// Removes the directory of the leases with all that nsd itself put there. What somebody else put
// there stays, and the directory with it.
void discardLeases(int namespaceDirectory);

} // namespace nsd
