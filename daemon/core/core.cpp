// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/core.hpp"

#include "common/quote.hpp"
#include "daemon/core/boot_id.hpp"
#include "daemon/core/grants.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace nsd {

namespace {

UniqueFd openOwnNetwork() {
    constexpr auto path = "/proc/self/ns/net";
    UniqueFd fd(::open(path, O_RDONLY | O_CLOEXEC));
    if (!fd)
        throw kernelError("open", path, errno);
    return fd;
}

} // namespace

Core::Core(Loop& theLoop, Kernel& theKernel, Links& theLinks, Log& theLog, UniqueFd directory,
    std::function<void(const Uuid&)> due)
    : loop(theLoop),
      kernel(theKernel),
      links(theLinks),
      log(theLog),
      home(openOwnNetwork()),
      bootId(readBootId()),
      quotas(theLoop),
      store(theKernel, std::move(directory)),
      networks(theLoop, theLog),
      etc(theLog, store, registry),
      leases(theLoop, theLog, store, quotas,
          [this](const Uuid& uuid, std::uint32_t number, const LeaseHolder& holder, LeaseEnd how) {
              leaseEnded(uuid, number, holder, how);
          }),
      inits(theLoop, [this](const Uuid& uuid) { degrade(uuid); }),
      lifetimes(theLoop, std::move(due)),
      linkTurns(theLoop) {}

void Core::publish(
    const Uuid& staged, NamespaceRecord record, std::optional<InitProcess>& init, const MaybeRequester& by) {
    arm(record, init);
    try {
        store.publish(staged, record.name);
    } catch (const Error&) {
        init = disarm(record.uuid);
        throw;
    }
    enter(std::move(record), by);
}

void Core::admit(NamespaceRecord record, std::optional<InitProcess> init, const MaybeRequester& by) {
    arm(record, init);
    enter(std::move(record), by);
}

void Core::arm(const NamespaceRecord& record, std::optional<InitProcess>& init) {
    try {
        schedule(record);
        if (init)
            inits.add(record.uuid, *std::move(init));
    } catch (const Error&) {
        lifetimes.cancel(record.uuid);
        throw;
    }
    init.reset();
}

std::optional<InitProcess> Core::disarm(const Uuid& uuid) {
    lifetimes.cancel(uuid);
    return inits.take(uuid);
}

void Core::enter(NamespaceRecord record, const MaybeRequester& by) {
    const bool waited = registry.find(record.uuid) != nullptr; // as a pending one
    const auto& inserted = waited ? registry.settle(std::move(record)) : registry.insert(std::move(record));
    shares[inserted.uuid] = quotas.count(inserted.owner, Quota::Namespaces);
    if (waited)
        changed(inserted, "ready");
    else
        events.tell([&](Events& listener) { listener.added(inserted, by); });
}

std::optional<InitProcess> Core::dismiss(const Uuid& uuid, const MaybeRequester& by) {
    auto init = disarm(uuid);
    leases.forget(uuid);
    shares.erase(uuid);
    const auto record = registry.remove(uuid);
    if (record)
        events.tell([&](Events& listener) { listener.removed(*record, by); });
    return init;
}

void Core::schedule(const NamespaceRecord& record) {
    auto due = record.deadline;
    if (record.leaseDeadline && leases.count(record.uuid) == 0)
        due = due ? std::min(*due, *record.leaseDeadline) : record.leaseDeadline;
    if (due)
        lifetimes.schedule(record.uuid, *due);
    else
        lifetimes.cancel(record.uuid);
}

void Core::leaseEnded(const Uuid& uuid, std::uint32_t number, const LeaseHolder& holder, LeaseEnd how) {
    if (const auto* record = registry.find(uuid))
        events.tell([&](Events& listener) { listener.leaseEnded(*record, number, holder, how); });
    if (leases.count(uuid) == 0)
        leasesEnded(uuid);
}

// Due in a later turn, and then by a Destroy like any other.
void Core::leasesEnded(const Uuid& uuid) {
    const auto* record = registry.find(uuid);
    if (record != nullptr && record->lifetime == Lifetime::Lease)
        lifetimes.schedule(uuid, loop.now());
}

void Core::degrade(const Uuid& uuid) {
    auto* record = registry.find(uuid);
    if (record == nullptr || record->state == State::Degraded)
        return;
    record->state = State::Degraded;
    changed(*record, "degraded");
}

void Core::revokeLeases(const NamespaceRecord& record) {
    leases.revoke(record.uuid,
        [&](const LeaseHolder& holder) { return isRevoked(holder.ground, record.grants, Right::Hold); });
}

void Core::changed(const NamespaceRecord& record, std::string_view what) const {
    events.tell([&](Events& listener) { listener.changed(record, what); });
}

} // namespace nsd
