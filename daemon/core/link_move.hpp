// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"

#include <string>

namespace nsd {

// One MoveLink: what has to be known to bring the link home is in the meta file before it moves, and its
// place inside thereafter. Where it fails in between it is brought home, which also settles what nobody
// knows: whether it had moved already.
class LinkMove final : public Operation {
  public:
    // `name`: inside; empty: its own. Answers through `done` alone, never from inside the call.
    static void start(
        Core& core, const Uuid& uuid, std::string link, std::string name, Completion<Done> done);

    LinkMove(Core& core, const Uuid& uuid, std::string link, std::string name, Completion<Done> done);

  private:
    void begin(LinkTurns::TurnPtr turn);
    void onInspected(Outcome<LinkCustody> outcome);
    void move();
    void onMoved(Outcome<MovedLink> outcome);
    void takeBack(const Error& why);
    void onTakenBack(Outcome<ReturnedLink> outcome);
    void forget();
    void finish(const Outcome<Done>& outcome);

    Core& core_;
    Uuid uuid_;
    std::string link_;
    Completion<Done> done_;
    LinkTurns::TurnPtr turn_;
    BorrowedLink borrowed_;
    std::optional<Error> why_; // it failed
};

} // namespace nsd
