// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/etc_watch.hpp"

#include "common/error.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

// A package that is installed changes many.
constexpr std::chrono::microseconds moment{50'000};

} // namespace

EtcWatch::EtcWatch(Loop& loop, const std::string& directory, std::function<void()> changed)
    : loop_(loop), changed_(std::move(changed)), events_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    constexpr std::uint32_t names = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;
    if (!events_ || ::inotify_add_watch(events_.get(), directory.c_str(), names) < 0)
        throw kernelError("watch", directory, errno);
    heard_ = loop.watch(events_.get(), EPOLLIN, [this](std::uint32_t) { onEvents(); });
}

void EtcWatch::onEvents() {
    alignas(inotify_event) std::array<std::byte, 16UL * 1024> buffer{};
    while (::read(events_.get(), buffer.data(), buffer.size()) > 0) {
    }
    if (soon_)
        return;
    soon_ = loop_.after(moment, [this] {
        // In a turn of its own: its handler is running.
        const auto done = std::make_shared<Loop::SourcePtr>(std::move(soon_));
        loop_.post([done] {});
        changed_();
    });
}

} // namespace nsd
