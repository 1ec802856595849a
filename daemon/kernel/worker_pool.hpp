// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "daemon/kernel/worker_lane.hpp"
#include "daemon/kernel/worker_starter.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd {

// What a job is, so that what may hang does not stand before what must not wait: making namespaces,
// looking through and killing processes, dropping the last references, asking NSS,
// opening sockets, looking at and moving links, reading files that users point at.
enum class WorkKind { Make, Survey, Release, LookUp, Socket, Link, Files };

// All workers of the daemon: a lane for each kind of work, one base mount namespace for all.
class WorkerPool {
  public:
    struct Options {
        std::string program;          // nsd-worker
        std::string runtimeDirectory; // not to be seen in the base mount namespace
        std::size_t makers = 1;       // workers that make namespaces
        std::chrono::microseconds startDeadline{0};
    };

    WorkerPool(Loop& loop, Log& log, const Options& options);

    void submit(WorkKind kind, WorkerJob job);
    [[nodiscard]] std::vector<pid_t> pids() const;
    [[nodiscard]] std::size_t stuck() const noexcept;

  private:
    WorkerStarter starter_;
    std::array<WorkerLane, 7> lanes_; // in the order of WorkKind
};

} // namespace nsd
