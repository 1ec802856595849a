// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/worker_lane.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace nsd {
namespace {

std::string seconds(std::chrono::microseconds span) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
    return milliseconds % 1000 == 0 ? std::to_string(milliseconds / 1000) + " s"
                                    : std::to_string(milliseconds) + " ms";
}

} // namespace

WorkerLane::WorkerLane(Loop& loop, Log& log, WorkerStarter& starter, Options options)
    : loop_(loop), log_(log), starter_(starter), options_(std::move(options)) {}

void WorkerLane::submit(WorkerJob job) {
    queue_.push_back(std::move(job));
    dispatch();
}

void WorkerLane::dispatch() {
    for (auto& slot : slots_) {
        if (queue_.empty())
            return;
        if (slot.state != State::Idle)
            continue;
        auto job = std::move(queue_.front());
        queue_.pop_front();
        give(slot, std::move(job));
    }
    grow();
}

std::size_t WorkerLane::count(State state) const noexcept {
    return static_cast<std::size_t>(std::count_if(
        slots_.begin(), slots_.end(), [state](const Slot& slot) { return slot.state == state; }));
}

std::size_t WorkerLane::working() const noexcept {
    return static_cast<std::size_t>(std::count_if(slots_.begin(), slots_.end(),
        [](const Slot& slot) { return slot.state != State::Dying && !slot.slow; }));
}

std::size_t WorkerLane::stuck() const noexcept {
    return count(State::Dying);
}

std::vector<pid_t> WorkerLane::pids() const {
    std::vector<pid_t> pids;
    for (const auto& slot : slots_)
        pids.push_back(slot.process->pid());
    return pids;
}

void WorkerLane::grow() {
    while (count(State::Starting) < queue_.size() && working() < options_.workers &&
           slots_.size() < options_.workers + options_.maxStuck) {
        const auto before = slots_.size();
        try {
            startOne();
        } catch (const Error& error) {
            log_.warning("cannot start a worker for " + options_.name + ": " + error.text());
            // Whoever is alive will come to them; without anybody they would wait for ever.
            if (working() == 0)
                failQueue(error);
            return;
        }
        if (slots_.size() == before) // the base namespace is still being made
            return;
    }
    if (!queue_.empty() && stuck() >= options_.maxStuck && stuck() == slots_.size())
        failQueue(Error(Errc::LimitExceeded, std::to_string(stuck()) + " workers for " + options_.name +
                                                 " hang in the kernel, and no more are started"));
}

void WorkerLane::startOne() {
    slots_.emplace_back();
    auto& slot = slots_.back();
    try {
        slot.process = starter_.start(
            {[this, &slot](auto reply, auto fds) { onReply(slot, std::move(reply), std::move(fds)); },
                [this, &slot](const std::string& how) { onEnded(slot, how); }});
    } catch (...) {
        slots_.pop_back();
        throw;
    }
    if (!slot.process) {
        slots_.pop_back();
        return;
    }
    slot.timer = loop_.after(options_.startDeadline, [this, &slot] {
        giveUp(slot, Error(Errc::TimedOut,
                         "start a worker: it was not ready within " + seconds(options_.startDeadline)));
    });
}

void WorkerLane::give(Slot& slot, WorkerJob job) {
    try {
        slot.process->send(job.request, job.fds);
    } catch (const Error& error) {
        if (error.errnoValue() == EPIPE || error.errnoValue() == ECONNRESET) {
            // It died unseen and has read nothing: another one can have the job.
            queue_.push_front(std::move(job));
            slot.state = State::Dying;
            slot.process->kill();
            return;
        }
        fail(std::move(job), error);
        return;
    }
    if (job.sent)
        job.sent();
    slot.state = State::Busy;
    slot.job = std::move(job);
    watchDeadline(slot);
}

void WorkerLane::watchDeadline(Slot& slot) {
    const auto deadline = slot.job->deadline;
    const auto expire = [this, &slot, deadline] {
        giveUp(slot, Error(Errc::TimedOut, slot.job->what + ": the kernel was not done within " +
                                               seconds(deadline) + "; the worker that did it is given up"));
    };
    if (!options_.slowAfter || *options_.slowAfter >= deadline) {
        slot.timer = loop_.after(deadline, expire);
        return;
    }
    slot.timer = loop_.after(*options_.slowAfter, [this, &slot, deadline, expire] {
        slot.slow = true;
        // Not in this handler: its own source would be destroyed while it runs.
        auto rest = loop_.after(deadline - *options_.slowAfter, expire);
        std::swap(slot.timer, rest);
        loop_.post([gone = std::shared_ptr<Loop::Source>(std::move(rest))] {});
        dispatch();
    });
}

void WorkerLane::onReply(Slot& slot, Outcome<protocol::Reply> reply, std::vector<UniqueFd> fds) {
    const bool lostFds = !reply.ok() && reply.error().errnoValue() == EMFILE; // but it did come
    if (!reply.ok() && !lostFds) {
        giveUp(slot, reply.error());
        return;
    }
    if (slot.state == State::Starting && reply.ok() &&
        std::holds_alternative<protocol::ReadyReply>(reply.value())) {
        onReady(slot);
        return;
    }
    if (slot.state != State::Busy) {
        giveUp(slot, Error(Errc::KernelError, "a worker said something that nobody had asked for"));
        return;
    }
    slot.state = State::Idle;
    slot.slow = false;
    slot.timer.reset();
    auto job = std::move(*slot.job);
    slot.job.reset();
    dispatch();
    if (!reply.ok())
        job.done(reply.error());
    else if (const auto* error = std::get_if<Error>(&reply.value()))
        job.done(*error);
    else
        job.done(WorkerAnswer{std::move(reply.value()), std::move(fds)});
}

void WorkerLane::onReady(Slot& slot) {
    slot.timer.reset();
    try {
        starter_.ready(slot.process->pid());
    } catch (const Error& error) {
        giveUp(slot, error);
        return;
    }
    slot.state = State::Idle;
    dispatch();
}

void WorkerLane::giveUp(Slot& slot, const Error& error) {
    log_.warning("worker " + std::to_string(slot.process->pid()) + " for " + options_.name +
                 " is killed: " + error.text());
    slot.process->kill();
    failWaiting(slot, error);
    dispatch();
}

void WorkerLane::onEnded(Slot& slot, const std::string& how) {
    if (slot.state != State::Dying) {
        const auto text =
            "worker " + std::to_string(slot.process->pid()) + " for " + options_.name + " " + how;
        log_.warning(text);
        failWaiting(slot, Error(Errc::KernelError,
                              (slot.job ? slot.job->what : std::string("start a worker")) + ": " + text));
    }
    // Its handler runs now, so it goes later.
    loop_.post([dead = std::shared_ptr<Worker>(std::move(slot.process))] {});
    slots_.remove_if([&slot](const Slot& other) { return &other == &slot; });
    dispatch();
}

void WorkerLane::failWaiting(Slot& slot, const Error& error) {
    const bool starting = slot.state == State::Starting;
    slot.state = State::Dying;
    starter_.gone(slot.process->pid());
    if (slot.timer)
        loop_.post([gone = std::shared_ptr<Loop::Source>(std::move(slot.timer))] {});
    if (slot.job) {
        fail(std::move(*slot.job), error);
        slot.job.reset();
    } else if (starting && !queue_.empty()) {
        // A failed start costs the job that it was meant for, so that no worker that can never start
        // is started for ever.
        auto job = std::move(queue_.front());
        queue_.pop_front();
        fail(std::move(job), error);
    }
}

void WorkerLane::failQueue(const Error& error) {
    for (auto& job : std::exchange(queue_, {}))
        fail(std::move(job), error);
}

// Later: the job may have been submitted by the very call that we are in.
void WorkerLane::fail(WorkerJob job, const Error& error) {
    loop_.post([done = std::move(job.done), error] { done(error); });
}

} // namespace nsd
