// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/worker_pool.hpp"

#include <utility>

namespace nsd {
namespace {

constexpr std::size_t surveyors = 2;
constexpr std::size_t releasers = 2;
constexpr std::size_t lookers = 1;
constexpr std::size_t openers = 1;
constexpr std::size_t linkers = 1;
constexpr std::size_t readers = 1;
constexpr std::size_t maxStuck = 16;
// Unmounting takes as long as the file systems take, and killing as long as the caller is ready to wait:
// others' work of that kind need not stand behind it.
constexpr std::chrono::milliseconds slowRelease{200};
constexpr std::chrono::milliseconds slowSurvey{1000};
// A user database in the network that hangs for one user may be quick for another.
constexpr std::chrono::milliseconds slowLookUp{100};
// The driver of a network card may take seconds to set it up or down.
constexpr std::chrono::milliseconds slowLink{500};
// A user's own file system answers when he likes.
constexpr std::chrono::milliseconds slowFiles{100};

} // namespace

WorkerPool::WorkerPool(Loop& loop, Log& log, const Options& options)
    : starter_(loop, options.program, options.runtimeDirectory),
      lanes_{WorkerLane(loop, log, starter_,
                 {"making namespaces", options.makers, maxStuck, options.startDeadline, {}}),
          WorkerLane(loop, log, starter_,
              {"looking at processes", surveyors, maxStuck, options.startDeadline, slowSurvey}),
          WorkerLane(loop, log, starter_,
              {"releasing namespaces", releasers, maxStuck, options.startDeadline, slowRelease}),
          WorkerLane(loop, log, starter_,
              {"looking up users", lookers, maxStuck, options.startDeadline, slowLookUp}),
          WorkerLane(loop, log, starter_, {"opening sockets", openers, maxStuck, options.startDeadline, {}}),
          WorkerLane(
              loop, log, starter_, {"moving links", linkers, maxStuck, options.startDeadline, slowLink}),
          WorkerLane(
              loop, log, starter_, {"reading files", readers, maxStuck, options.startDeadline, slowFiles})} {
    starter_.onChange([this] {
        for (auto& each : lanes_)
            each.dispatch();
    });
}

void WorkerPool::submit(WorkKind kind, WorkerJob job) {
    lanes_.at(static_cast<std::size_t>(kind)).submit(std::move(job));
}

std::vector<pid_t> WorkerPool::pids() const {
    std::vector<pid_t> pids;
    for (const auto& each : lanes_)
        for (const auto pid : each.pids())
            pids.push_back(pid);
    return pids;
}

std::size_t WorkerPool::stuck() const noexcept {
    std::size_t stuck = 0;
    for (const auto& each : lanes_)
        stuck += each.stuck();
    return stuck;
}

} // namespace nsd
