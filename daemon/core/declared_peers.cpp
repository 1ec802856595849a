// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How declared namespaces wait for those in which the other ends of their links are to be.
#include "daemon/core/declarations.hpp"

#include "common/quote.hpp"

#include <utility>

namespace nsd {

// Empty: all are there.
std::string Declarations::missingPeer(const CreateRequest& request) const {
    for (const auto& link : request.spec.links) {
        if (link.peerNamespace.empty())
            continue;
        const auto* record = core_.registry.find(link.peerNamespace);
        if (record == nullptr || record->state == State::Pending)
            return link.peerNamespace;
    }
    return "";
}

// It is being made, and does not wait for this one itself, also by way of others.
bool Declarations::isComing(const std::string& peer, const Entry& to) const {
    auto at = entries_.find(peer);
    for (std::size_t steps = 0; steps <= entries_.size(); ++steps) {
        if (at == entries_.end() || at->second.run == 0 || &at->second == &to)
            return false;
        if (!at->second.held)
            return true;
        at = entries_.find(at->second.peer);
    }
    return false;
}

// It is there now, or it could not be made.
void Declarations::onPeer(const std::string& name) {
    const auto* peer = core_.registry.find(name);
    const bool isThere = peer != nullptr && peer->state != State::Pending;
    for (auto& [other, entry] : entries_) {
        if (entry.peer != name)
            continue;
        auto* record = core_.registry.find(other);
        if (entry.held && record != nullptr && record->uuid == entry.target)
            make(entry, *record, *std::exchange(entry.held, std::nullopt));
        else if (isThere && entry.run == 0 && record != nullptr && record->state == State::Pending)
            advance(entry);
    }
}

void Declarations::dropHeld(Entry& entry) {
    if (!entry.held)
        return;
    entry.held.reset();
    entry.run = 0;
    waiting_.answer(*entry.target,
        Error(Errc::NoSuchNamespace, quoted(entry.definition.name.str()) + " is no longer wanted"));
}

void Declarations::added(const NamespaceRecord& record, const MaybeRequester& /*by*/) {
    tellWaiting(record);
}

void Declarations::removed(const NamespaceRecord& /*record*/, const MaybeRequester& /*by*/) {
    // Its links went with it; what had the other ends is as it is.
}

void Declarations::changed(const NamespaceRecord& record, std::string_view what) {
    if (what == "ready" || what == "renamed")
        tellWaiting(record);
}

// Not from inside of what made it.
void Declarations::tellWaiting(const NamespaceRecord& record) {
    if (record.state == State::Pending)
        return;
    core_.loop.post([this, weak = std::weak_ptr(alive_), name = record.name.str()] {
        if (!weak.expired())
            onPeer(name);
    });
}

} // namespace nsd
