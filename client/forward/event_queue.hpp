// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <cstdint>
#include <vector>

namespace nsd::client {

// epoll(7) for a program that does nothing else. Handlers are registered under their descriptors, and must
// stay until the turn is over in which they were removed.
class EventQueue {
  public:
    class Handler {
      public:
        Handler() = default;
        Handler(const Handler&) = delete;
        Handler& operator=(const Handler&) = delete;
        virtual ~Handler() = default;
        // `events`: of epoll; 0 where it had asked for another turn. Does not throw for what concerns it
        // alone.
        virtual void ready(std::uint32_t events) = 0;
    };

    EventQueue();

    // Throw Error.
    void add(int fd, std::uint32_t events, Handler& handler);
    void change(int fd, std::uint32_t events, Handler& handler);
    void remove(int fd) noexcept;
    // It is called again behind all who are ready now, without a new event.
    void again(Handler& handler) { again_.push_back(&handler); }
    void forget(const Handler& handler) noexcept { std::erase(again_, &handler); }

    // Waits for events, at most so many milliseconds (-1: for ever), and calls their handlers.
    void turn(int patience);

  private:
    void control(int operation, int fd, std::uint32_t events, Handler& handler);

    UniqueFd epoll_;
    std::vector<Handler*> again_;
};

} // namespace nsd::client
