// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/retirement.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <utility>

namespace nsd {
namespace {

constexpr std::chrono::milliseconds firstInterval{1};
constexpr std::chrono::milliseconds longestInterval{50};

} // namespace

Retirement::Retirement(Loop& loop, Log& log, LastReferences& references, FindHolders findHolders)
    : loop_(loop), log_(log), references_(references), findHolders_(std::move(findHolders)), nsids_(loop) {}

// Tickets lead back to nsids_, which goes before the cases would.
Retirement::~Retirement() {
    cases_.clear();
}

Retirement::Watched Retirement::watch(CaseId id, NamespaceType type, int fd) {
    Watched watched;
    watched.liveness = Liveness::of(fd, type);
    if (!watched.liveness && type == NamespaceType::Net) {
        try {
            watched.ticket = nsids_.watch(fd, [this, id] { look(id); });
        } catch (const Error& error) {
            log_.debug("the end of a network namespace cannot be watched: " + error.text());
        }
    }
    if (!watched.canTell())
        watched.identity = identifyNamespace(fd);
    return watched;
}

void Retirement::retire(
    std::map<NamespaceType, UniqueFd> fds, std::chrono::microseconds patience, Done done) {
    const auto id = next_++;
    const auto open = std::make_shared<Case>();
    open->done = std::move(done);
    open->patient = patience > std::chrono::microseconds{0};
    open->interval = firstInterval;
    for (const auto& [type, fd] : fds)
        open->watched.emplace(type, watch(id, type, fd.get()));
    cases_.emplace(id, open);

    // A mount namespace may hang; the others need not hang behind it.
    std::vector<NamespaceType> quick;
    std::vector<UniqueFd> quickFds;
    for (auto& [type, fd] : fds) {
        if (type == NamespaceType::Mnt) {
            std::vector<UniqueFd> alone;
            alone.push_back(std::move(fd));
            drop(id, {type}, std::move(alone));
            continue;
        }
        quick.push_back(type);
        quickFds.push_back(std::move(fd));
    }
    if (!quick.empty())
        drop(id, std::move(quick), std::move(quickFds));
    if (open->patient && open->drops != 0)
        open->deadline = loop_.after(patience, [this, id] { conclude(id); });
    else
        loop_.post([this, id] { conclude(id); });
}

void Retirement::drop(CaseId id, std::vector<NamespaceType> types, std::vector<UniqueFd> fds) {
    ++cases_.at(id)->drops;
    references_.drop(
        std::move(fds), [this, id, types = std::move(types)](bool ok) { onDropped(id, types, ok); });
}

void Retirement::onDropped(CaseId id, const std::vector<NamespaceType>& types, bool ok) {
    const auto found = cases_.find(id);
    if (found == cases_.end())
        return;
    auto& open = *found->second;
    --open.drops;
    for (const auto type : types)
        open.watched.at(type).dropped = ok;
    look(id);
}

void Retirement::look(CaseId id) {
    const auto found = cases_.find(id);
    if (found == cases_.end())
        return;
    auto& open = *found->second;
    bool waiting = open.drops != 0;
    for (auto& [type, watched] : open.watched) {
        if (watched.ended || !watched.canTell())
            continue;
        const bool gone =
            watched.ticket ? watched.ticket->dead() : watched.liveness->state() == Liveness::State::Gone;
        watched.ended = gone && watched.dropped;
        waiting = waiting || !watched.ended;
    }
    if (!waiting)
        conclude(id);
    else if (open.drops == 0 && !open.poll)
        pollLater(id, open);
}

void Retirement::pollLater(CaseId id, Case& open) {
    open.poll = loop_.after(open.interval, [this, id] {
        const auto found = cases_.find(id);
        if (found == cases_.end())
            return;
        auto& again = *found->second;
        again.interval = std::min<std::chrono::microseconds>(again.interval * 2, longestInterval);
        // The source of this very handler goes later.
        loop_.post([gone = std::shared_ptr<Loop::Source>(std::move(again.poll))] {});
        look(id);
    });
}

void Retirement::conclude(CaseId id) {
    auto node = cases_.extract(id);
    if (!node)
        return;
    const auto ended = std::move(node.mapped());
    std::map<NamespaceType, Released> answer;
    std::vector<NamespaceIdentity> untold;
    for (const auto& [type, watched] : ended->watched) {
        const bool known = watched.canTell() && ended->patient;
        answer[type] = watched.ended ? Released::Yes : known ? Released::No : Released::Unknown;
        if (watched.identity)
            untold.push_back(*watched.identity);
    }
    if (untold.empty() || !ended->patient) {
        later(ended, std::move(answer));
        return;
    }
    findHolders_(untold, [this, ended, answer](Outcome<std::vector<Holder>> holders) mutable {
        if (holders.ok())
            for (const auto& holder : holders.value())
                for (auto& [type, released] : answer)
                    if (released == Released::Unknown && holder.type == toWord(type))
                        released = Released::No;
        later(ended, std::move(answer));
    });
}

// The case has the source of the handler that runs now.
void Retirement::later(std::shared_ptr<Case> ended, std::map<NamespaceType, Released> answer) {
    loop_.post([ended = std::move(ended), answer = std::move(answer)] { ended->done(answer); });
}

} // namespace nsd
