// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/forward/event_queue.hpp"
#include "client/forward/stream.hpp"
#include "common/error.hpp"
#include "common/forward_spec.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace nsd::client {

// One connection from outside and its other half inside: waits for a socket there, connects it, and carries
// data both ways until both directions have ended or one side has failed. A failure on one side is one on
// the other: it sees a reset, and no end of data that was none.
class Connection final : public EventQueue::Handler {
  public:
    struct Surroundings {
        EventQueue& queue;
        PipePool& pipes;
        // It is over; with a reason where the target inside could not be reached. Not called by a destructor.
        std::function<void(Connection&, const std::optional<Error>&)> over;
    };
    // `outside` is connected, `target` lives longer than this; both sockets are non-blocking.
    Connection(Surroundings& surroundings, UniqueFd outside, const Endpoint& target) noexcept
        : surroundings_(surroundings), outside_(std::move(outside)), target_(target) {}
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] const Endpoint& target() const noexcept { return target_; }
    // A socket inside, or why there is none.
    void connect(UniqueFd inside);
    void fail(const std::optional<Error>& why);

    void ready(std::uint32_t events) override;

  private:
    enum class Phase { Asking, Connecting, Carrying, Over };
    void watch(int fd);
    void onConnected();
    void carry();

    Surroundings& surroundings_;
    UniqueFd outside_;
    UniqueFd inside_;
    const Endpoint& target_;
    Phase phase_ = Phase::Asking;
    std::optional<Stream> in_;
    std::optional<Stream> out_;
    bool hasTurn_ = false; // it has asked for another one
};

} // namespace nsd::client
