// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/fake_loop.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <utility>
#include <vector>

namespace nsd::test {

// poll(2) and epoll(7) share these bits, so that no table is needed between them.
static_assert(EPOLLIN == POLLIN && EPOLLPRI == POLLPRI && EPOLLOUT == POLLOUT && EPOLLERR == POLLERR &&
              EPOLLHUP == POLLHUP);

template <class Table>
class FakeLoop::Registration final : public Loop::Source {
  public:
    Registration(FakeLoop& loop, Table& table, std::uint64_t id) : loop_(loop), table_(table), id_(id) {}
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
    ~Registration() override {
        table_.erase(id_);
        loop_.forget(id_);
    }

  private:
    FakeLoop& loop_;
    Table& table_;
    std::uint64_t id_;
};

Loop::SourcePtr FakeLoop::watch(int fd, std::uint32_t events, std::function<void(std::uint32_t)> ready) {
    if (refusesWatches_)
        throw kernelError("watch", "the event loop", ENOSPC);
    watches_.emplace(nextId_, Watch{fd, events, std::move(ready)});
    return std::make_unique<Registration<decltype(watches_)>>(*this, watches_, nextId_++);
}

Loop::SourcePtr FakeLoop::after(std::chrono::microseconds delay, std::function<void()> due) {
    timers_.emplace(nextId_, Timer{now_ + std::max(delay, std::chrono::microseconds{0}), std::move(due)});
    return std::make_unique<Registration<decltype(timers_)>>(*this, timers_, nextId_++);
}

Loop::SourcePtr FakeLoop::onExit(pid_t child, std::function<void(int)> exited) {
    children_.emplace(nextId_, Child{child, std::move(exited)});
    return std::make_unique<Registration<decltype(children_)>>(*this, children_, nextId_++);
}

void FakeLoop::post(std::function<void()> work) {
    posted_.push_back(std::move(work));
}

void FakeLoop::run(std::uint64_t id, const std::function<void()>& handler) {
    running_ = id;
    handler();
    running_ = 0;
    if (misused_)
        throw std::logic_error("a source was destroyed within its own handler");
}

bool FakeLoop::runPosted() {
    // Only what was there before: work that posts itself again must not hold up this turn.
    auto batch = std::exchange(posted_, {});
    for (auto& work : batch)
        work();
    return !batch.empty();
}

bool FakeLoop::runTimers() {
    bool any = false;
    for (;;) {
        const auto next = std::min_element(timers_.begin(), timers_.end(),
            [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
        if (next == timers_.end() || next->second.due > now_)
            return any;
        const auto id = next->first;
        const auto fire = std::move(next->second.fire);
        timers_.erase(next); // a timer fires once
        run(id, fire);
        any = true;
    }
}

bool FakeLoop::runWatches() {
    std::vector<std::uint64_t> ids;
    std::vector<pollfd> polled;
    for (const auto& [id, watch] : watches_) {
        ids.push_back(id);
        polled.push_back({watch.fd, static_cast<short>(watch.events), 0});
    }
    if (polled.empty() || ::poll(polled.data(), polled.size(), 0) <= 0)
        return false;
    for (std::size_t i = 0; i < polled.size(); ++i) {
        const auto found = watches_.find(ids[i]);
        if (polled[i].revents == 0 || found == watches_.end())
            continue;
        run(ids[i],
            [&, ready = found->second.ready] { ready(static_cast<std::uint32_t>(polled[i].revents)); });
    }
    return true;
}

bool FakeLoop::turn() {
    const bool posted = runPosted();
    const bool timers = runTimers();
    return runWatches() || posted || timers;
}

void FakeLoop::settle() {
    constexpr int enough = 100'000;
    for (int turns = 0; turn(); ++turns)
        if (turns == enough)
            throw std::runtime_error("the loop does not come to rest");
}

void FakeLoop::advance(std::chrono::microseconds by) {
    const auto target = now_ + by;
    for (;;) {
        settle();
        const auto next = std::min_element(timers_.begin(), timers_.end(),
            [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
        if (next == timers_.end() || next->second.due > target)
            break;
        now_ = next->second.due;
    }
    now_ = target;
    settle();
}

void FakeLoop::childExited(pid_t child, int status) {
    std::vector<std::function<void(int)>> called;
    for (const auto& [id, entry] : children_)
        if (entry.pid == child)
            called.push_back(entry.exited);
    for (const auto& exited : called)
        exited(status);
}

} // namespace nsd::test
