// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/members.hpp"

#include "common/error.hpp"
#include "daemon/worker/namespace_targets.hpp"
#include "daemon/worker/process_info.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <set>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

using Clock = std::chrono::steady_clock;

// The targets where the process lives; none for a zombie, which only waits for its parent.
NamespaceTargets::Matches livingHomes(const ProcFs& proc, NamespaceTargets& targets, pid_t pid) {
    const auto info = processInfo(proc, pid);
    return info && !info->dead ? targets.homesOf(pid, info->threaded) : NamespaceTargets::Matches();
}

Holder memberAsHolder(const ProcFs& proc, pid_t pid, const NamespaceIdentity& home) {
    const auto info = processInfo(proc, pid);
    Holder holder;
    holder.kind = "process";
    holder.pid = static_cast<std::uint32_t>(pid);
    holder.comm = info ? info->comm : std::string();
    holder.type = toWord(home.type);
    holder.detail = "could not be killed in time";
    holder.uid = effectiveUid(proc, pid);
    return holder;
}

class Killer {
  public:
    Killer(const ProcFs& proc, const protocol::KillRequest& request)
        : proc_(proc),
          request_(request),
          spared_(request.spared.begin(), request.spared.end()),
          deadline_(Clock::now() + request.patience) {
        // Never the host, the daemon or this worker, whatever the request forgot.
        spared_.insert({1, ::getpid(), ::getppid()});
    }

    protocol::KillReply run() {
        // One look may miss who was forked behind its back, so that two in a row must find nobody.
        constexpr unsigned enoughLooks = 2;
        for (unsigned looksAtNobody = 0; looksAtNobody < enoughLooks;) {
            const auto round = killAll();
            looksAtNobody = round.sawMembers ? 0 : looksAtNobody + 1;
            if (round.sawMembers && (!waitForEnd(round.killed) || isLate()))
                return {left()};
        }
        return {};
    }

  private:
    bool isMember(NamespaceTargets& targets, pid_t pid) const {
        return !spared_.contains(pid) && !livingHomes(proc_, targets, pid).empty();
    }

    // The pid may have gone to another process since it was found: who is still a member once the
    // pidfd is open, and has not died before this was seen, is the process behind it.
    UniqueFd kill(NamespaceTargets& targets, pid_t pid) const {
        UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
        if (!pidfd && errno == ESRCH)
            return {};
        if (!pidfd)
            throw kernelError("open a pidfd of", "process " + std::to_string(pid), errno);
        pollfd dead{pidfd.get(), POLLIN, 0};
        if (!isMember(targets, pid) || ::poll(&dead, 1, 0) != 0)
            return {};
        if (::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0) != 0 && errno != ESRCH)
            throw kernelError("kill", "process " + std::to_string(pid), errno);
        return pidfd;
    }

    struct Round {
        bool sawMembers = false;
        std::vector<UniqueFd> killed;
    };
    Round killAll() const {
        NamespaceTargets targets(proc_, request_.namespaces);
        Round round;
        for (const auto pid : listProcesses(proc_)) {
            if (!isMember(targets, pid))
                continue;
            round.sawMembers = true;
            if (auto pidfd = kill(targets, pid))
                round.killed.push_back(std::move(pidfd));
        }
        return round;
    }

    bool isLate() const { return Clock::now() >= deadline_; }

    // False where the patience was over first.
    bool waitForEnd(const std::vector<UniqueFd>& killed) const {
        return std::all_of(killed.begin(), killed.end(), [&](const UniqueFd& pidfd) {
            pollfd dead{pidfd.get(), POLLIN, 0};
            for (;;) {
                const auto rest =
                    std::chrono::duration_cast<std::chrono::nanoseconds>(deadline_ - Clock::now());
                if (rest.count() <= 0)
                    return false;
                const timespec patience{rest.count() / 1'000'000'000, rest.count() % 1'000'000'000};
                if (::ppoll(&dead, 1, &patience, nullptr) > 0)
                    return true;
            }
        });
    }

    std::vector<Holder> left() const {
        NamespaceTargets targets(proc_, request_.namespaces);
        std::vector<Holder> members;
        for (const auto pid : listProcesses(proc_)) {
            const auto homes =
                spared_.contains(pid) ? NamespaceTargets::Matches() : livingHomes(proc_, targets, pid);
            if (!homes.empty())
                members.push_back(memberAsHolder(proc_, pid, targets.at(*homes.begin())));
        }
        return members;
    }

    const ProcFs& proc_;
    const protocol::KillRequest& request_;
    std::set<pid_t> spared_;
    Clock::time_point deadline_;
};

} // namespace

protocol::CountReply countMembers(const ProcFs& proc, const protocol::CountRequest& request) {
    std::vector<NamespaceIdentity> all;
    std::vector<std::size_t> groupOf; // by index in all
    for (std::size_t group = 0; group < request.groups.size(); ++group) {
        all.insert(all.end(), request.groups[group].begin(), request.groups[group].end());
        groupOf.resize(all.size(), group);
    }
    std::set<pid_t> ignored(request.ignored.begin(), request.ignored.end());
    ignored.insert(::getpid());
    NamespaceTargets targets(proc, std::move(all));
    protocol::CountReply reply{std::vector<std::uint32_t>(request.groups.size())};
    for (const auto pid : listProcesses(proc)) {
        std::set<std::size_t> groups;
        if (!ignored.contains(pid))
            for (const auto home : livingHomes(proc, targets, pid))
                groups.insert(groupOf[home]);
        for (const auto group : groups)
            ++reply.counts[group];
    }
    return reply;
}

protocol::KillReply killMembers(const ProcFs& proc, const protocol::KillRequest& request) {
    return Killer(proc, request).run();
}

} // namespace nsd::worker
