// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/leases.hpp"

#include "common/scope_guard.hpp"

#include <memory>
#include <sys/epoll.h>
#include <sys/stat.h>

namespace nsd {

Leases::Leases(Loop& loop, Log& log, PinStore& store, Quotas& quotas, Ended ended)
    : loop_(loop), log_(log), store_(store), quotas_(quotas), ended_(std::move(ended)) {}

Leases::~Leases() = default;

Leases::Opened Leases::open(const Uuid& uuid, const Name& name, LeaseHolder holder) {
    auto share = quotas_.take(holder.uid, Quota::Leases);
    const auto known = groups_.find(uuid);
    UniqueFd fresh;
    if (known == groups_.end())
        fresh = openLeases(store_.openDirectory(name.str()).get());
    const int directory = fresh ? fresh.get() : known->second.directory.get();
    const auto number = fresh ? 1 : known->second.leases.rbegin()->first + 1;

    auto ends = makeLease(directory, number, holder);
    ScopeGuard files([&] { removeFiles(directory, uuid, number); });
    auto lease = watched(uuid, number, std::move(holder), std::move(share), std::move(ends.reader));
    files.dismiss();
    if (fresh)
        groups_.emplace(uuid, Group{std::move(fresh), {}});
    groups_.at(uuid).leases.emplace(number, std::move(lease));
    return {number, std::move(ends.writer)};
}

Leases::Lease Leases::watched(
    const Uuid& uuid, std::uint32_t number, LeaseHolder holder, Quotas::Share share, UniqueFd reader) {
    // Not EPOLLIN: what somebody writes into it means nothing, and is never read.
    auto closed = loop_.watch(reader.get(), EPOLLHUP, [this, uuid, number](auto) { onClosed(uuid, number); });
    return {std::move(holder), std::move(share), std::move(reader), std::move(closed)};
}

void Leases::onClosed(const Uuid& uuid, std::uint32_t number) {
    const auto over = std::make_shared<Lease>(remove(uuid, number));
    loop_.post([over] {}); // it must not go while its own handler runs
    ended_(uuid, number, over->holder, LeaseEnd::Closed);
}

Leases::Lease Leases::remove(const Uuid& uuid, std::uint32_t number) {
    const auto group = groups_.find(uuid);
    auto& [directory, leases] = group->second;
    auto over = std::move(leases.extract(number).mapped());
    removeFiles(directory.get(), uuid, number);
    if (leases.empty())
        groups_.erase(group);
    return over;
}

// A file that stays is found closed at the next start.
void Leases::removeFiles(int directory, const Uuid& uuid, std::uint32_t number) noexcept {
    try {
        removeLease(directory, number);
    } catch (const Error& error) {
        log_.warning("lease " + std::to_string(number) + " on namespace " + uuid.str() +
                     " is over, but its files stay: " + error.text());
    }
}

void Leases::revoke(const Uuid& uuid, const std::function<bool(const LeaseHolder&)>& which) {
    std::vector<std::uint32_t> numbers;
    for (const auto& [number, holder] : holders(uuid))
        if (which(holder))
            numbers.push_back(number);
    for (const auto number : numbers) {
        const auto over = remove(uuid, number);
        ended_(uuid, number, over.holder, LeaseEnd::Revoked);
    }
}

void Leases::forget(const Uuid& uuid) noexcept {
    groups_.erase(uuid);
}

Leases::Found Leases::recover(const Uuid& uuid, int namespaceDirectory) {
    Found result;
    Group group;
    try {
        group.directory = openLeasesIfThere(namespaceDirectory);
    } catch (const Error& error) {
        if (error.code() == Errc::LimitExceeded)
            throw; // nothing is known against it
        result.bad.emplace_back(leasesLeaf, error.text() + "; " + putAside(namespaceDirectory, leasesLeaf));
    }
    if (!group.directory)
        return result;

    const int directory = group.directory.get();
    auto found = findLeases(directory);
    for (auto& [number, holder, reader] : found.held) {
        auto share = quotas_.count(holder.uid, Quota::Leases);
        auto lease = watched(uuid, number, std::move(holder), std::move(share), std::move(reader));
        group.leases.emplace(number, std::move(lease));
    }
    for (const auto& [leaf, why] : found.rubbish)
        result.bad.emplace_back(std::string(leasesLeaf) + '/' + leaf, why + "; " + putAside(directory, leaf));
    for (const auto number : found.halfMade)
        removeFiles(directory, uuid, number);
    for (const auto number : found.closed)
        removeFiles(directory, uuid, number);
    result.closed = found.closed.size();
    if (!group.leases.empty())
        groups_.emplace(uuid, std::move(group));
    return result;
}

std::string Leases::putAside(int directory, const std::string& leaf) {
    try {
        return "it is in .quarantine/" + store_.quarantine(directory, leaf);
    } catch (const Error& error) {
        return "it stays where it is: " + error.text();
    }
}

std::size_t Leases::count(const Uuid& uuid) const noexcept {
    const auto group = groups_.find(uuid);
    return group == groups_.end() ? 0 : group->second.leases.size();
}

std::size_t Leases::total() const noexcept {
    std::size_t all = 0;
    for (const auto& [uuid, group] : groups_)
        all += group.leases.size();
    return all;
}

std::map<std::uint32_t, LeaseHolder> Leases::holders(const Uuid& uuid) const {
    std::map<std::uint32_t, LeaseHolder> all;
    if (const auto group = groups_.find(uuid); group != groups_.end())
        for (const auto& [number, lease] : group->second.leases)
            all.emplace(number, lease.holder);
    return all;
}

std::vector<LeaseFile> Leases::files(const Uuid& uuid) const {
    std::vector<LeaseFile> all;
    const auto group = groups_.find(uuid);
    if (group == groups_.end())
        return all;
    for (const auto& [number, lease] : group->second.leases) {
        const auto& [uid, ground] = lease.holder;
        struct stat status {};
        if (::fstat(lease.reader.get(), &status) != 0)
            status = {}; // then nobody is found who has it open
        all.push_back({status.st_dev, status.st_ino, uid,
            "lease " + std::to_string(number) + " of uid " + std::to_string(uid) + ", given to " + ground});
    }
    return all;
}

} // namespace nsd
