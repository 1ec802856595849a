// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/outcome.hpp"
#include "daemon/core/authority.hpp"

#include <sdbus-c++/sdbus-c++.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace nsd::bus {

// Like a Completion, but may be called from inside the call that took it.
using CallerAnswer = std::function<void(Outcome<Caller>)>;

// Who is behind a unique name of the bus, as the bus daemon saw it at connect time. It is asked once
// per name (GetConnectionCredentials), never waited for, and remembered until the name vanishes;
// unique names are never given to somebody else. Anything but a clear answer is AccessDenied.
class CallerDirectory {
  public:
    struct Limits {
        std::size_t remembered = 4096; // the least recently used one is forgotten
        std::size_t asked = 1024;      // questions under way; more are LimitExceeded
        std::chrono::microseconds patience{5'000'000};
    };

    CallerDirectory(sdbus::IConnection& connection, Limits limits);
    ~CallerDirectory();
    CallerDirectory(const CallerDirectory&) = delete;
    CallerDirectory& operator=(const CallerDirectory&) = delete;

    // Questions for one name that come before its answer are answered together.
    void ask(const std::string& busName, CallerAnswer answer);

    [[nodiscard]] std::size_t remembered() const noexcept { return known_.size(); }
    // How often the bus was asked since the start.
    [[nodiscard]] std::size_t questions() const noexcept { return questions_; }

  private:
    using Recent = std::list<Caller>; // front: used last

    void question(const std::string& busName);
    void answered(const std::string& busName, const Outcome<Caller>& outcome);
    void remember(const Caller& caller);
    void forget(const std::string& busName);

    Limits limits_;
    Recent recent_;
    std::unordered_map<std::string, Recent::iterator> known_;
    std::unordered_map<std::string, std::vector<CallerAnswer>> waiting_;
    std::size_t questions_ = 0;
    // Last, so that no message reaches what is gone already.
    std::unique_ptr<sdbus::IProxy> bus_;
    sdbus::Slot vanished_;
};

} // namespace nsd::bus
