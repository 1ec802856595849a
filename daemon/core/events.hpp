// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/requester.hpp"

#include <cstdint>
#include <string_view>

namespace nsd {

struct BorrowedLink;
struct LeaseHolder;
struct NamespaceRecord;
struct ReturnedLink;

enum class LeaseEnd { Closed, Revoked };

// What the core tells whoever shows namespaces to the world (the bus, the journal). Called after the change
// is real; must not throw. The record is valid for the call alone.
class Events {
  public:
    Events() = default;
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;
    virtual ~Events() = default;

    virtual void added(const NamespaceRecord& record, const MaybeRequester& by) = 0;
    virtual void removed(const NamespaceRecord& record, const MaybeRequester& by) = 0;
    // what: ready, degraded, renamed, labels, grants, links
    virtual void changed(const NamespaceRecord& record, std::string_view what) = 0;
    // Leases: for those whom they concern. Those of a namespace that goes go with it, unmentioned.
    virtual void leaseGiven(
        const NamespaceRecord& /*record*/, std::uint32_t /*number*/, const LeaseHolder& /*holder*/) {}
    virtual void leaseEnded(const NamespaceRecord& /*record*/, std::uint32_t /*number*/,
        const LeaseHolder& /*holder*/, LeaseEnd /*how*/) {}
    // Links of the host: in, and home again or gone.
    virtual void linkBorrowed(const NamespaceRecord& /*record*/, const BorrowedLink& /*link*/) {}
    virtual void linkReturned(
        const NamespaceRecord& /*record*/, const BorrowedLink& /*link*/, const ReturnedLink& /*returned*/) {}
};

} // namespace nsd
