// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/process_entry.hpp"

#include <string>
#include <sys/epoll.h>
#include <utility>

namespace nsd {
namespace {

// A source that is dropped in its own handler goes in a later turn.
void dropLater(Loop& loop, Loop::SourcePtr source) {
    if (source)
        loop.post([dropped = std::shared_ptr<Loop::Source>(std::move(source))] {});
}

} // namespace

ProcessEntry::ProcessEntry(Loop& loop, ProcessRecord theRecord, Quotas::Share share)
    : record(std::move(theRecord)), loop_(loop), share_(std::move(share)) {}

void ProcessEntry::unwatch() {
    using Watched = std::pair<UniqueFd, Loop::SourcePtr>; // goes from behind: the source first
    loop_.post([old = std::make_shared<Watched>(std::move(watched_), std::move(watch_))] {});
}

void ProcessEntry::watch(UniqueFd&& pidfd, std::function<void()> ended) {
    auto watch = loop_.watch(pidfd.get(), EPOLLIN, [ended = std::move(ended)](std::uint32_t) { ended(); });
    unwatch();
    watched_ = std::move(pidfd);
    watch_ = std::move(watch);
}

void ProcessEntry::after(std::chrono::microseconds delay, std::function<void()> due) {
    dropLater(loop_, std::move(timer_));
    timer_ = loop_.after(delay, std::move(due));
}

void ProcessEntry::addWaiter(std::chrono::microseconds patience, Completion<ProcessEnd> done) {
    const auto number = nextWaiter_++;
    auto timer = loop_.after(patience, [this, number, patience] { timeOut(number, patience); });
    waiters_.emplace(number, Waiter{std::move(done), std::move(timer)});
}

void ProcessEntry::timeOut(std::uint64_t waiter, std::chrono::microseconds patience) {
    auto node = waiters_.extract(waiter);
    dropLater(loop_, std::move(node.mapped().timer));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience).count();
    node.mapped().done(
        Error(Errc::TimedOut, "process " + std::to_string(record.number) + " still runs after " +
                                  std::to_string(seconds) + " s of waiting; call again"));
}

void ProcessEntry::end(const ProcessEnd& end) {
    record.end = end;
    share_.giveBack();
    for (auto& [number, waiter] : std::exchange(waiters_, {}))
        waiter.done(end);
}

} // namespace nsd
