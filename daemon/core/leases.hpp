// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/holder_query.hpp"
#include "common/log.hpp"
#include "common/loop.hpp"
#include "common/uuid.hpp"
#include "daemon/core/events.hpp"
#include "daemon/core/lease_files.hpp"
#include "daemon/core/pin_store.hpp"
#include "daemon/core/quotas.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nsd {

// The leases on all namespaces. A lease is the write end of a FIFO whose read end is here: it is over
// when its last copy closes, which shows here, or when it is revoked, which shows there (POLLERR, and
// the FIFO has no name any more). Neither needs the daemon to have lived all the time between.
class Leases {
  public:
    // Called when a lease is over, save by forget(). Not the place to destroy the namespace: others may be
    // at work on it.
    using Ended =
        std::function<void(const Uuid& uuid, std::uint32_t number, const LeaseHolder& holder, LeaseEnd how)>;
    Leases(Loop& loop, Log& log, PinStore& store, Quotas& quotas, Ended ended);
    ~Leases();
    Leases(const Leases&) = delete;
    Leases& operator=(const Leases&) = delete;

    // A new lease. LimitExceeded for one too many of this user, or for want of descriptors; nothing
    // stays of it then.
    struct Opened {
        std::uint32_t number;
        UniqueFd writer;
    };
    [[nodiscard]] Opened open(const Uuid& uuid, const Name& name, LeaseHolder holder);
    // Ends those that `which` says.
    void revoke(const Uuid& uuid, const std::function<bool(const LeaseHolder&)>& which);
    // The namespace is gone: its holders see it now. The files go with its directory.
    void forget(const Uuid& uuid) noexcept;

    struct Found {
        std::size_t closed = 0;                               // while nobody looked
        std::vector<std::pair<std::string, std::string>> bad; // "leases/x", and what became of it
    };
    // What a predecessor gave out. LimitExceeded where not all of it can be taken over.
    [[nodiscard]] Found recover(const Uuid& uuid, int namespaceDirectory);

    [[nodiscard]] std::size_t count(const Uuid& uuid) const noexcept;
    // Of all namespaces.
    [[nodiscard]] std::size_t total() const noexcept;
    // By number.
    [[nodiscard]] std::map<std::uint32_t, LeaseHolder> holders(const Uuid& uuid) const;
    // By which it can be found who has them open.
    [[nodiscard]] std::vector<LeaseFile> files(const Uuid& uuid) const;

  private:
    struct Lease {
        LeaseHolder holder;
        Quotas::Share share;
        UniqueFd reader;
        Loop::SourcePtr closed; // goes before the reader
    };
    struct Group {
        UniqueFd directory;
        std::map<std::uint32_t, Lease> leases; // never empty
    };

    [[nodiscard]] Lease watched(
        const Uuid& uuid, std::uint32_t number, LeaseHolder holder, Quotas::Share share, UniqueFd reader);
    void onClosed(const Uuid& uuid, std::uint32_t number);
    // Out of the books and off the disk.
    [[nodiscard]] Lease remove(const Uuid& uuid, std::uint32_t number);
    void removeFiles(int directory, const Uuid& uuid, std::uint32_t number) noexcept;
    // Answers what became of it.
    [[nodiscard]] std::string putAside(int directory, const std::string& leaf);

    Loop& loop_;
    Log& log_;
    PinStore& store_;
    Quotas& quotas_;
    Ended ended_;
    std::map<Uuid, Group> groups_;
};

} // namespace nsd
