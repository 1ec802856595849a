// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "daemon/kernel/worker.hpp"
#include "daemon/kernel/worker_starter.hpp"
#include "daemon/protocol/messages.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nsd {

struct WorkerAnswer {
    protocol::Reply reply;
    std::vector<UniqueFd> fds;
};

// One request, and what becomes of it.
struct WorkerJob {
    std::string what; // "make namespaces", for the errors
    protocol::Request request;
    std::vector<int> fds;               // sent with it; stay the submitter's, open until `sent`
    std::chrono::microseconds deadline; // from when a worker has it
    std::function<void()> sent;         // a worker has it now; may be empty
    Completion<WorkerAnswer> done;      // an Error that the worker answered comes as an Error
};

// Workers for one kind of work, started on demand, and the queue before them: first in, first out. A
// worker that does not answer in time is killed and replaced; one that does not even die, because it
// hangs in the kernel, is abandoned and counted, and at most `maxStuck` of them are borne.
class WorkerLane {
  public:
    struct Options {
        std::string name; // for the log
        std::size_t workers = 1;
        std::size_t maxStuck = 16;
        std::chrono::microseconds startDeadline{0};
        // A worker that is busy for longer than this makes room for one more; none: never.
        std::optional<std::chrono::microseconds> slowAfter;
    };

    WorkerLane(Loop& loop, Log& log, WorkerStarter& starter, Options options);

    void submit(WorkerJob job);
    // Gives queued jobs to workers, starting some where they are needed.
    void dispatch();

    // Every worker that is not yet dead.
    [[nodiscard]] std::vector<pid_t> pids() const;
    // Workers that were killed and are not yet dead.
    [[nodiscard]] std::size_t stuck() const noexcept;

  private:
    enum class State { Starting, Idle, Busy, Dying };
    struct Slot {
        State state = State::Starting;
        bool slow = false;
        std::unique_ptr<Worker> process;
        std::optional<WorkerJob> job;
        Loop::SourcePtr timer;
    };

    [[nodiscard]] std::size_t count(State state) const noexcept;
    // Workers that can be expected to take a job soon.
    [[nodiscard]] std::size_t working() const noexcept;
    void grow();
    void startOne();
    void give(Slot& slot, WorkerJob job);
    void watchDeadline(Slot& slot);
    void onReply(Slot& slot, Outcome<protocol::Reply> reply, std::vector<UniqueFd> fds);
    void onReady(Slot& slot);
    void onEnded(Slot& slot, const std::string& how);
    // Answers whoever waits for this worker with the error and kills it.
    void giveUp(Slot& slot, const Error& error);
    void failWaiting(Slot& slot, const Error& error);
    void failQueue(const Error& error);
    void fail(WorkerJob job, const Error& error);

    Loop& loop_;
    Log& log_;
    WorkerStarter& starter_;
    Options options_;
    std::deque<WorkerJob> queue_;
    std::list<Slot> slots_;
};

} // namespace nsd
