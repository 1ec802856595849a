// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/child_reaper.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <sys/wait.h>
#include <vector>

namespace nsd {
namespace {

constexpr std::size_t remembered = 1024;

bool isChild(pid_t pid) noexcept {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

} // namespace

bool ChildReaper::add(const WatchPtr& watch, int& status) {
    // The kernel is asked first: a remembered number may have become a new child's.
    if (isChild(watch->child)) {
        watches_.emplace(watch->child, watch);
        return true;
    }
    const auto found = std::find_if(
        reaped_.rbegin(), reaped_.rend(), [&](const auto& entry) { return entry.first == watch->child; });
    if (found == reaped_.rend())
        throw kernelError("wait for process", std::to_string(watch->child), ECHILD);
    status = found->second;
    reaped_.erase(std::next(found).base());
    return false;
}

void ChildReaper::reapAll(const Tell& tell) {
    int status = 0;
    for (pid_t child = 0; (child = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        const auto [first, last] = watches_.equal_range(child);
        std::vector<WatchPtr> interested;
        for (auto at = first; at != last; ++at)
            if (auto watch = at->second.lock(); watch && watch->active)
                interested.push_back(std::move(watch));
        watches_.erase(first, last);
        if (interested.empty())
            remember(child, status);
        for (const auto& watch : interested)
            if (watch->active) // an earlier one may have dropped it
                tell(watch, status);
    }
}

void ChildReaper::remember(pid_t child, int status) {
    reaped_.emplace_back(child, status);
    if (reaped_.size() > remembered)
        reaped_.pop_front();
}

} // namespace nsd
