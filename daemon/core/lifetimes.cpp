// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/lifetimes.hpp"

#include <memory>
#include <vector>

namespace nsd {

void Lifetimes::schedule(const Uuid& uuid, std::chrono::microseconds deadline) {
    cancel(uuid);
    deadlines_.emplace(uuid, deadline);
    order_.emplace(deadline, uuid);
    arm();
}

void Lifetimes::cancel(const Uuid& uuid) {
    const auto found = deadlines_.find(uuid);
    if (found == deadlines_.end())
        return;
    order_.erase({found->second, uuid});
    deadlines_.erase(found);
    // The timer stays as it is: it finds nobody due and arms itself for the next.
}

void Lifetimes::arm() {
    if (order_.empty())
        return;
    const auto next = order_.begin()->first;
    if (timer_ && armedFor_ <= next)
        return;
    armedFor_ = next;
    timer_ = loop_.after(next - loop_.now(), [this] { onTimer(); });
}

void Lifetimes::onTimer() {
    // It must not go while its own handler runs.
    loop_.post([fired = std::shared_ptr<Loop::Source>(std::move(timer_))] {});
    std::vector<Uuid> due;
    while (!order_.empty() && order_.begin()->first <= loop_.now()) {
        due.push_back(order_.begin()->second);
        cancel(due.back());
    }
    arm();
    for (const auto& uuid : due)
        due_(uuid);
}

} // namespace nsd
