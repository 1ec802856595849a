// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/bus/client_tracker.hpp"
#include "daemon/core/authority.hpp"
#include "dbus/patience.hpp"

#include <sdbus-c++/sdbus-c++.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace nsd::bus {

// Asks polkit, over the daemon's one connection, so that the unique name in the question means the
// same client to both. Only a clear yes is one: no polkit, an error, silence and a caller that has
// left are AccessDenied. Owns the questions until polkit has answered them, also those that nobody
// waits for any more, since the bus allows a connection only so many calls without an answer; they
// are dropped when this goes.
class PolkitAuthority final : public Authority {
  public:
    struct Limits {
        std::size_t perUser = 4;
        std::size_t all = 64; // of the 128 open calls that dbus-daemon allows nsd
        std::chrono::microseconds interactivePatience = dbus::interactivePatience;
        std::chrono::microseconds plainPatience = dbus::plainPatience;
    };

    // All that it is given outlives it.
    PolkitAuthority(sdbus::IConnection& connection, Loop& loop, ClientTracker& clients, Limits limits);
    PolkitAuthority(const PolkitAuthority&) = delete;
    PolkitAuthority& operator=(const PolkitAuthority&) = delete;
    ~PolkitAuthority() override;

    void ask(const AuthorizationRequest& request, Completion<Done> done) override;

    // Questions that polkit has not answered.
    [[nodiscard]] std::size_t open() const noexcept { return open_.size(); }

  private:
    struct Question {
        AuthorizationRequest request;
        Completion<Done> done; // empty: nobody waits any more
        std::unique_ptr<ClientTracker::Watch> watch;
        Loop::SourcePtr patience;
    };

    // Throws LimitExceeded.
    void checkLimits(uid_t user) const;
    void send(std::uint64_t id, const AuthorizationRequest& request);
    void answered(std::uint64_t id, sdbus::MethodReply* reply, const Error* error);
    void giveUp(std::uint64_t id, std::string_view why);

    Loop& loop_;
    Limits limits_;
    ClientTracker& clients_;
    std::uint64_t lastId_ = 0;
    std::map<std::uint64_t, Question> open_;
    std::unique_ptr<sdbus::IProxy> polkit_; // last, so that no answer reaches what is gone already
};

} // namespace nsd::bus
