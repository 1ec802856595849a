// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "common/uuid.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>

namespace nsd {

// What is done with the links of one namespace is done one thing after the other: each begins with the
// record, and the kernel, as the one before it left them.
class LinkTurns {
  public:
    // Its holder may go on; when it goes, the next one may.
    class Turn;
    using TurnPtr = std::shared_ptr<const Turn>;
    using Begin = std::function<void(TurnPtr)>;

    explicit LinkTurns(Loop& loop) : loop_(loop) {}

    // At once if nobody has the turn, else from the loop. Not at all if this goes before.
    void take(const Uuid& uuid, Begin begin);
    [[nodiscard]] bool isTaken(const Uuid& uuid) const { return lines_->contains(uuid); }

  private:
    using Lines = std::map<Uuid, std::deque<Begin>>; // who waits behind each holder

    Loop& loop_;
    std::shared_ptr<Lines> lines_ = std::make_shared<Lines>();
};

} // namespace nsd
