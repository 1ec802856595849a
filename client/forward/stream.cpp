// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/forward/stream.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <utility>

namespace nsd::client {
namespace {

constexpr unsigned how = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;
constexpr int fairShare = 16; // rounds, before others are looked at

} // namespace

// Whether anything was read, the end among it.
bool Stream::fill() {
    if (readAll_ || (pipe_ && waiting_ >= pipe_->capacity))
        return false;
    if (!pipe_)
        pipe_ = pipes_.take();
    const auto got = ::splice(from_, nullptr, pipe_->in.get(), nullptr, pipe_->capacity - waiting_, how);
    if (got > 0)
        waiting_ += static_cast<std::size_t>(got);
    else if (got == 0)
        readAll_ = true;
    else if (errno != EAGAIN) // which also means that the pipe has no free page
        throw kernelError("read from", "a socket", errno);
    return got >= 0;
}

bool Stream::drain() {
    if (waiting_ == 0)
        return false;
    const auto gone = ::splice(pipe_->out.get(), nullptr, to_, nullptr, waiting_, how);
    if (gone < 0 && errno != EAGAIN)
        throw kernelError("write to", "a socket", errno);
    if (gone > 0)
        waiting_ -= static_cast<std::size_t>(gone);
    return gone > 0;
}

Stream::State Stream::pump() {
    bool progress = true;
    for (int round = 0; progress && round < fairShare; ++round) {
        const bool filled = fill();
        const bool drained = drain();
        progress = filled || drained;
    }
    if (waiting_ == 0 && pipe_)
        pipes_.giveBack(*std::exchange(pipe_, std::nullopt));
    if (readAll_ && waiting_ == 0 && !ended_) {
        // The other one may have gone meanwhile, which its own direction finds out.
        if (::shutdown(to_, SHUT_WR) != 0 && errno != ENOTCONN)
            throw kernelError("shut down", "a socket", errno);
        ended_ = true;
    }
    if (ended_)
        return State::Ended;
    return progress ? State::Busy : State::Waiting;
}

} // namespace nsd::client
