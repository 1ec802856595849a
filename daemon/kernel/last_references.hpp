// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "common/unique_fd.hpp"
#include "daemon/kernel/worker_pool.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace nsd {

// Has what may be the last references to namespaces dropped by a worker, since dropping that of a
// mount namespace unmounts its file systems, which may take for ever. Owns the descriptors until a
// worker has them: where none can be reached (EMFILE, no process), it tries again and again.
class LastReferences {
  public:
    LastReferences(Loop& loop, Log& log, WorkerPool& pool, std::chrono::microseconds deadline)
        : loop_(loop), log_(log), pool_(pool), deadline_(deadline) {}

    // `dropped` is called, later, when the worker is through with it; false where it hangs.
    void drop(std::vector<UniqueFd> fds, std::function<void(bool)> dropped);

  private:
    // Not yet in a worker's hands.
    struct Parcel {
        std::vector<UniqueFd> fds;
        UniqueFd weStillHold; // the write end of the worker's pipe, see protocol::DropRequest
        UniqueFd theirPipe;
        std::function<void(bool)> dropped;
        Loop::SourcePtr retry;
    };
    using ParcelId = std::uint64_t;

    void hand(ParcelId id);
    void handed(ParcelId id);
    void answered(ParcelId id, const Error* error);
    void tryLater(ParcelId id);

    Loop& loop_;
    Log& log_;
    WorkerPool& pool_;
    std::chrono::microseconds deadline_;
    ParcelId next_ = 0;
    std::map<ParcelId, std::shared_ptr<Parcel>> parcels_;
};

} // namespace nsd
