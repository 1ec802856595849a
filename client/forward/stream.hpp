// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/forward/pipe_pool.hpp"

#include <cstddef>
#include <optional>

namespace nsd::client {

// One direction of a connection: what can be read from one socket goes through a pipe to the other, and
// never into this program. Reads no more than the other side takes; at the end of the data the other side
// is told that nothing more comes. The sockets are somebody else's, and non-blocking.
class Stream {
  public:
    Stream(PipePool& pipes, int from, int to) noexcept : pipes_(pipes), from_(from), to_(to) {}

    enum class State {
        Waiting, // for an event of either socket
        Busy,    // there may be more now: let others have a turn, and come back
        Ended,   // all has been said, and the other side told so
    };
    // Throws Error where a socket has failed.
    [[nodiscard]] State pump();

  private:
    [[nodiscard]] bool fill();
    [[nodiscard]] bool drain();

    PipePool& pipes_;
    int from_;
    int to_;
    std::optional<Pipe> pipe_; // while data wait
    std::size_t waiting_ = 0;  // bytes in it
    bool readAll_ = false;
    bool ended_ = false;
};

} // namespace nsd::client
