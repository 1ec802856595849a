// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/forward/event_queue.hpp"

#include "common/error.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <sys/epoll.h>
#include <utility>

namespace nsd::client {

EventQueue::EventQueue() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_)
        throw kernelError("make", "an epoll descriptor", errno);
}

void EventQueue::control(int operation, int fd, std::uint32_t events, Handler& handler) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &handler;
    if (::epoll_ctl(epoll_.get(), operation, fd, &event) != 0)
        throw kernelError("watch", "a socket", errno);
}

void EventQueue::add(int fd, std::uint32_t events, Handler& handler) {
    control(EPOLL_CTL_ADD, fd, events, handler);
}

void EventQueue::change(int fd, std::uint32_t events, Handler& handler) {
    control(EPOLL_CTL_MOD, fd, events, handler);
}

void EventQueue::remove(int fd) noexcept {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void EventQueue::turn(int patience) {
    std::array<epoll_event, 64> events{};
    const int count = ::epoll_wait(
        epoll_.get(), events.data(), static_cast<int>(events.size()), again_.empty() ? patience : 0);
    if (count < 0 && errno != EINTR)
        throw kernelError("wait for", "sockets", errno);
    auto repeated = std::exchange(again_, {});
    for (int i = 0; i < count; ++i) {
        const auto& event = events.at(static_cast<std::size_t>(i));
        static_cast<Handler*>(event.data.ptr)->ready(event.events);
    }
    for (auto* handler : repeated)
        handler->ready(0);
}

} // namespace nsd::client
