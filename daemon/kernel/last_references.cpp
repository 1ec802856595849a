// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/last_references.hpp"

#include "common/error.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

constexpr std::chrono::milliseconds retryDelay{250};

} // namespace

void LastReferences::drop(std::vector<UniqueFd> fds, std::function<void(bool)> dropped) {
    auto parcel = std::make_shared<Parcel>();
    parcel->fds = std::move(fds);
    parcel->dropped = std::move(dropped);
    const auto id = next_++;
    parcels_.emplace(id, std::move(parcel));
    hand(id);
}

void LastReferences::hand(ParcelId id) {
    auto& parcel = *parcels_.at(id);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        tryLater(id);
        return;
    }
    parcel.theirPipe.reset(ends[0]);
    parcel.weStillHold.reset(ends[1]);
    std::vector<int> numbers;
    for (const auto& fd : parcel.fds)
        numbers.push_back(fd.get());
    numbers.push_back(parcel.theirPipe.get());
    pool_.submit(WorkKind::Release, {"drop the last references", protocol::DropRequest{}, std::move(numbers),
                                        deadline_, [this, id] { handed(id); },
                                        [this, id](const Outcome<WorkerAnswer>& outcome) {
                                            answered(id, outcome.ok() ? nullptr : &outcome.error());
                                        }});
}

void LastReferences::handed(ParcelId id) {
    auto& parcel = *parcels_.at(id);
    parcel.fds.clear();
    parcel.theirPipe.reset();
    // The last thing: at this the worker begins.
    parcel.weStillHold.reset();
}

void LastReferences::answered(ParcelId id, const Error* error) {
    auto& parcel = *parcels_.at(id);
    if (error != nullptr && !parcel.fds.empty()) {
        log_.warning("cannot hand namespaces to a worker, trying again: " + error->text());
        tryLater(id);
        return;
    }
    const auto done = std::move(parcel.dropped);
    parcels_.erase(id);
    // A worker that died has closed its descriptors before we could hear of its death.
    done(error == nullptr || error->code() != Errc::TimedOut);
}

void LastReferences::tryLater(ParcelId id) {
    auto& parcel = *parcels_.at(id);
    parcel.theirPipe.reset();
    parcel.weStillHold.reset();
    parcel.retry = loop_.after(retryDelay, [this, id] {
        // The source of this very handler goes later.
        loop_.post([gone = std::shared_ptr<Loop::Source>(std::move(parcels_.at(id)->retry))] {});
        hand(id);
    });
}

} // namespace nsd
