// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/registry.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/core/namespaces.hpp"

#include <algorithm>
#include <utility>

namespace nsd {
namespace {

bool hasLabels(const NamespaceRecord& record, const Labels& wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
        const auto found = record.labels.find(label.first);
        return found != record.labels.end() && found->second == label.second;
    });
}

} // namespace

Registry::Reservation::Reservation(Registry& registry, Name name)
    : registry_(registry), name_(std::move(name)) {
    registry_.reserved_.insert(name_.str());
}

Registry::Reservation::~Reservation() {
    registry_.reserved_.erase(name_.str());
}

std::unique_ptr<Registry::Reservation> Registry::reserve(const Name& name) {
    if (find(name.str()) != nullptr)
        throw Error(Errc::NameExists, quoted(name.str()) + " exists already");
    if (reserved_.contains(name.str()))
        throw Error(Errc::NameExists, quoted(name.str()) + " is being made already");
    return std::make_unique<Reservation>(*this, name);
}

NamespaceRecord& Registry::insert(NamespaceRecord record) {
    const auto [place, fresh] = byName_.insert(std::make_unique<NamespaceRecord>(std::move(record)));
    auto& inserted = **place;
    byUuid_.insert(&inserted);
    index(inserted);
    return inserted;
}

NamespaceRecord& Registry::settle(NamespaceRecord record) {
    auto& pending = *find(record.uuid);
    pending = std::move(record);
    index(pending);
    return pending;
}

void Registry::index(NamespaceRecord& record) {
    if (record.request)
        byRequest_.insert(&record);
    for (const auto& [type, identity] : record.identities)
        byInode_[identity.inode] = &record;
}

std::unique_ptr<NamespaceRecord> Registry::remove(const Uuid& uuid) {
    const auto found = byUuid_.find(uuid);
    if (found == byUuid_.end())
        return nullptr;
    auto* record = *found;
    byUuid_.erase(found);
    for (const auto& [type, identity] : record->identities)
        if (const auto entry = byInode_.find(identity.inode);
            entry != byInode_.end() && entry->second == record)
            byInode_.erase(entry);
    if (record->request)
        if (const auto entry = byRequest_.find(*record->request);
            entry != byRequest_.end() && *entry == record)
            byRequest_.erase(entry);
    auto node = byName_.extract(byName_.find(std::string_view(record->name.str())));
    return std::move(node.value());
}

void Registry::rename(NamespaceRecord& record, const Name& to) {
    auto node = byName_.extract(byName_.find(std::string_view(record.name.str())));
    record.name = to;
    byName_.insert(std::move(node));
}

NamespaceRecord* Registry::find(std::string_view name) const noexcept {
    const auto found = byName_.find(name);
    return found == byName_.end() ? nullptr : found->get();
}

NamespaceRecord* Registry::find(const Uuid& uuid) const noexcept {
    const auto found = byUuid_.find(uuid);
    return found == byUuid_.end() ? nullptr : *found;
}

NamespaceRecord* Registry::find(const NamespaceIdentity& identity) const noexcept {
    const auto found = byInode_.find(identity.inode);
    if (found == byInode_.end())
        return nullptr;
    const auto own = found->second->identities.find(identity.type);
    const bool same = own != found->second->identities.end() && own->second.sameAs(identity);
    return same ? found->second : nullptr;
}

NamespaceRecord* Registry::find(const RequestId& request) const noexcept {
    const auto found = byRequest_.find(request);
    return found == byRequest_.end() ? nullptr : *found;
}

std::optional<Registry::Named> Registry::findAny(
    const std::map<NamespaceType, NamespaceIdentity>& identities) const {
    for (const auto& [type, identity] : identities)
        if (const auto* record = find(identity))
            return Named{type, record->name.str()};
    return std::nullopt;
}

std::vector<const NamespaceRecord*> Registry::list(const ListOptions& options) const {
    std::vector<const NamespaceRecord*> page;
    auto next = byName_.upper_bound(std::string_view(options.after));
    for (; next != byName_.end() && page.size() < options.limit; ++next)
        if (hasLabels(**next, options.labels))
            page.push_back(next->get());
    return page;
}

std::vector<std::string> Registry::controlGroups() const {
    std::vector<std::string> groups;
    for (const auto& record : byName_)
        if (!record->controlGroup.empty())
            groups.push_back(record->controlGroup);
    return groups;
}

} // namespace nsd
