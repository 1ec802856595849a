// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"

#include <sdbus-c++/sdbus-c++.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

namespace nsd::bus {

// Tells when a client leaves the bus: what is done for its sake alone ends with it. Unique names are
// never given to somebody else, so who left stays away. One match rule serves all watches.
class ClientTracker {
  public:
    class Watch;

    ClientTracker(sdbus::IConnection& connection, Loop& loop);
    ~ClientTracker();
    ClientTracker(const ClientTracker&) = delete;
    ClientTracker& operator=(const ClientTracker&) = delete;

    // Calls `gone` once, in a turn of the loop of its own, when the unique name leaves the bus, also
    // where it has left already: the bus is asked, without waiting. Dropping the Watch ends it, and
    // so does the end of the tracker, which a Watch may outlive.
    [[nodiscard]] std::unique_ptr<Watch> watch(const std::string& busName, std::function<void()> gone);

    // How many names are watched.
    [[nodiscard]] std::size_t watched() const noexcept { return watches_->size(); }

  private:
    struct Watched {
        std::function<void()> gone;
        bool isThere = true;
    };
    using WatchedPtr = std::shared_ptr<Watched>;
    using Watches = std::unordered_map<std::string, std::set<WatchedPtr>>;

    void askWhetherItIsThere(const std::string& busName);
    void left(const std::string& busName);

    Loop& loop_;
    std::shared_ptr<Watches> watches_ = std::make_shared<Watches>();
    // Last, so that no message reaches what is gone already.
    std::unique_ptr<sdbus::IProxy> bus_;
    sdbus::Slot vanished_;
};

// Whoever holds it is told.
class ClientTracker::Watch {
  public:
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    // False from the moment that the bus has said so, which is before `gone` has its turn.
    [[nodiscard]] bool isThere() const noexcept { return watched_->isThere; }

  private:
    friend class ClientTracker;
    Watch(const std::shared_ptr<Watches>& watches, std::string busName, WatchedPtr watched);

    std::weak_ptr<Watches> watches_;
    std::string busName_;
    WatchedPtr watched_;
};

} // namespace nsd::bus
