// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/keep_subtree.hpp"

#include "common/quote.hpp"
#include "daemon/kernel/control_group.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <sys/epoll.h>
#include <utility>

namespace nsd {
namespace {

constexpr std::chrono::seconds retryPause{1};

} // namespace

std::string keepSubtreeName(const std::string& runtimeDirectory) {
    if (runtimeDirectory == "/run/nsd")
        return "nsd-keep";
    std::uint64_t hash = 14695981039346656037U; // FNV-1a
    for (const char byte : runtimeDirectory)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "nsd-keep-%016" PRIx64, hash);
    return name.data();
}

KeepSubtree::KeepSubtree(Loop& loop, Log& log, std::string initProgram, const std::string& runtimeDirectory)
    : loop_(loop),
      log_(log),
      name_(keepSubtreeName(runtimeDirectory)),
      root_(openControlGroupRoot()),
      holder_(loop, std::move(initProgram)) {
    if (!root_)
        return;
    self_.reset(::openat(root_->get(), name_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (self_)
        holder_.adopt(self_.get());
}

KeepSubtree::Group KeepSubtree::create(const Uuid& uuid) {
    try {
        // The subtree that is open may have been removed by an administrator.
        ownRemoval_.reset();
        self_ = makeControlGroup(root_->get(), name_);
        holder_.start(self_.get());
        auto group = makeControlGroup(self_.get(), uuid.str());
        removals_.erase(uuid.str());
        undone_.erase(uuid.str());
        return {"/" + name_ + "/" + uuid.str(), std::move(group)};
    } catch (...) {
        endIfEmpty();
        throw;
    }
}

void KeepSubtree::remove(const std::string& path) {
    const auto prefix = "/" + name_ + "/";
    const auto uuid = path.starts_with(prefix) ? Uuid::parse(path.substr(prefix.size())) : std::nullopt;
    if (!uuid) {
        log_.warning("not removed, since nsd did not make it: the control group " + quoted(path));
        return;
    }
    if (self_)
        removeGroup(uuid->str());
}

void KeepSubtree::removeGroup(const std::string& uuid) {
    try {
        if (tryRemove(uuid))
            endIfEmpty();
        else
            removeWhenEmpty(uuid);
    } catch (const Error& error) {
        tryLater(uuid, error);
    }
}

bool KeepSubtree::tryRemove(const std::string& uuid) {
    return removeControlGroup(self_.get(), uuid);
}

void KeepSubtree::removeWhenEmpty(const std::string& uuid) {
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

void KeepSubtree::onEvents(const std::string& uuidOfHandler) {
    const auto uuid = uuidOfHandler; // the handler's own, which may go below
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

KeepSubtree::Removal KeepSubtree::watchEvents(int group, std::function<void()> changed) {
    Removal removal;
    removal.events = openGroupFile(group, "cgroup.events", O_RDONLY);
    removal.source = loop_.watch(
        removal.events.get(), EPOLLPRI, [changed = std::move(changed)](std::uint32_t) { changed(); });
    return removal;
}

void KeepSubtree::dropLater(Removal removal) {
    // The source goes before the descriptor that it watches.
    loop_.post([removal = std::make_shared<Removal>(std::move(removal))] {});
}

void KeepSubtree::sweep(const std::vector<std::string>& wanted) {
    if (!self_)
        return;
    try {
        for (const auto& uuid : childGroups(self_.get())) {
            const auto path = "/" + name_ + "/" + uuid;
            if (std::find(wanted.begin(), wanted.end(), path) == wanted.end())
                remove(path);
        }
        if (self_ && hasChildGroups(self_.get()))
            holder_.start(self_.get());
        else if (self_)
            endIfEmpty();
    } catch (const Error& error) {
        log_.warning(error.text());
    }
}

void KeepSubtree::endIfEmpty() {
    if (!self_ || hasChildGroups(self_.get()))
        return;
    try {
        holder_.end(self_.get());
        removeSelf();
    } catch (const Error& error) {
        tryLater({}, error);
    }
}

void KeepSubtree::removeSelf() {
    if (removeControlGroup(root_->get(), name_)) {
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

void KeepSubtree::tryLater(const std::string& uuid, const Error& error) {
    if (!uuid.empty())
        undone_.insert(uuid);
    if (retry_)
        return;
    log_.warning("a control group is removed later: " + error.text());
    retry_ = loop_.after(retryPause, [this] { tryAgain(); });
}

void KeepSubtree::tryAgain() {
    // The source of this very handler goes later.
    loop_.post([retried = std::make_shared<Loop::SourcePtr>(std::move(retry_))] {});
    for (const auto& uuid : std::exchange(undone_, {}))
        if (self_)
            removeGroup(uuid);
    endIfEmpty();
}

} // namespace nsd
