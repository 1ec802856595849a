// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/keep_group.hpp"

#include "common/quote.hpp"
#include "daemon/kernel/control_group.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <sys/epoll.h>
#include <utility>

namespace nsd {
namespace {

constexpr std::chrono::seconds firstPause{1};
constexpr std::chrono::seconds longestPause{60};

} // namespace

KeepGroup::KeepGroup(Loop& loop, Log& log, int root, std::string path, Whose whose, std::string initProgram)
    : loop_(loop),
      log_(log),
      root_(root),
      path_(std::move(path)),
      whose_(whose),
      holder_(loop, std::move(initProgram)),
      pause_(firstPause) {
    if (exists() && whose_ == Whose::Ours)
        holder_.adopt(self_.get());
}

KeepGroup::~KeepGroup() = default;

// Anew each time: the one that is open may have been removed by an administrator, or by systemd.
bool KeepGroup::exists() {
    UniqueFd now(::openat(root_, path_.c_str() + 1, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (now || errno == ENOENT)
        self_ = std::move(now);
    return self_.valid();
}

UniqueFd KeepGroup::create(const std::string& uuid) {
    try {
        if (whose_ == Whose::Ours) {
            ownRemoval_.reset();
            self_ = makeControlGroup(root_, path_.substr(1));
            holder_.start(self_.get());
        }
        auto group = makeControlGroup(self_.get(), uuid);
        removals_.erase(uuid);
        undone_.erase(uuid);
        return group;
    } catch (...) {
        endIfEmpty();
        throw;
    }
}

void KeepGroup::remove(const std::string& uuid) {
    if (!self_)
        return;
    try {
        if (tryRemove(uuid))
            endIfEmpty();
        else
            removeWhenEmpty(uuid);
    } catch (const Error& error) {
        tryLater(uuid, error);
    }
}

bool KeepGroup::tryRemove(const std::string& uuid) {
    return removeControlGroup(self_.get(), uuid);
}

void KeepGroup::removeWhenEmpty(const std::string& uuid) {
    if (removals_.count(uuid) != 0)
        return;
    UniqueFd group(::openat(self_.get(), uuid.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!group)
        throw kernelError("open", "the control group " + quoted(uuid), errno);
    auto removal = watchEvents(group.get(), [this, uuid] { onEvents(uuid); });
    const int events = removal.events.get();
    removals_.emplace(uuid, std::move(removal));
    // Reading is what arms the event. The last process may have left since we tried.
    if (!isPopulated(events))
        onEvents(uuid);
}

void KeepGroup::onEvents(const std::string& uuidOfHandler) {
    // The handler's own goes below with the handler.
    const auto uuid = uuidOfHandler; // NOLINT(performance-unnecessary-copy-initialization)
    const auto found = removals_.find(uuid);
    if (found == removals_.end() || isPopulated(found->second.events.get()))
        return;
    try {
        if (!tryRemove(uuid))
            return; // populated anew: there will be another event
    } catch (const Error& error) {
        tryLater(uuid, error);
    }
    dropLater(std::move(found->second));
    removals_.erase(found);
    endIfEmpty();
}

KeepGroup::Removal KeepGroup::watchEvents(int group, std::function<void()> changed) {
    Removal removal;
    removal.events = openGroupFile(group, "cgroup.events", O_RDONLY);
    removal.source = loop_.watch(
        removal.events.get(), EPOLLPRI, [changed = std::move(changed)](std::uint32_t) { changed(); });
    return removal;
}

void KeepGroup::dropLater(Removal removal) {
    // The source goes before the descriptor that it watches.
    loop_.post([removal = std::make_shared<Removal>(std::move(removal))] {});
}

void KeepGroup::sweep(const std::vector<std::string>& wanted) {
    if (!self_)
        return;
    try {
        for (const auto& child : childGroups(self_.get()))
            if (Uuid::parse(child) &&
                std::find(wanted.begin(), wanted.end(), path_ + "/" + child) == wanted.end())
                remove(child);
        if (self_ && whose_ == Whose::Ours && hasChildGroups(self_.get()))
            holder_.start(self_.get());
        endIfEmpty();
    } catch (const Error& error) {
        log_.warning(error.text());
    }
}

void KeepGroup::endIfEmpty() {
    if (whose_ == Whose::Units || !self_ || hasChildGroups(self_.get()))
        return;
    try {
        holder_.end(self_.get());
        removeSelf();
    } catch (const Error& error) {
        tryLater({}, error);
    }
}

void KeepGroup::removeSelf() {
    if (removeControlGroup(root_, path_.substr(1))) {
        self_.reset();
        if (ownRemoval_)
            dropLater(std::move(*ownRemoval_));
        ownRemoval_.reset();
    } else if (!ownRemoval_) {
        ownRemoval_ = watchEvents(self_.get(), [this] {
            if (!isPopulated(ownRemoval_->events.get())) // reading is what arms the event
                endIfEmpty();
        });
        if (!isPopulated(ownRemoval_->events.get()))
            removeSelf(); // the last process has left since we tried
    }
}

// What is in the way (no descriptors are left, as a rule) may stay for long: it is said once, and tried
// more and more seldom.
void KeepGroup::tryLater(const std::string& uuid, const Error& error) {
    if (!uuid.empty())
        undone_.insert(uuid);
    if (retry_)
        return;
    log_.write(pause_ == firstPause ? Log::Level::Warning : Log::Level::Debug,
        "a control group is removed later: " + error.text());
    retry_ = loop_.after(pause_, [this] { tryAgain(); });
    pause_ = std::min(2 * pause_, longestPause);
}

void KeepGroup::tryAgain() {
    // The source of this very handler goes later.
    loop_.post([retried = std::make_shared<Loop::SourcePtr>(std::move(retry_))] {});
    for (const auto& uuid : std::exchange(undone_, {}))
        remove(uuid);
    endIfEmpty();
    if (!retry_)
        pause_ = firstPause;
}

} // namespace nsd
