// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"
#include "daemon/core/homecoming.hpp"

#include <vector>

namespace nsd {

// What a predecessor was killed in the middle of: a link of which it is not written down that it arrived has
// arrived, or is still at home; a veth pair that nobody was told of goes.
class LinkRecovery final : public Operation {
  public:
    // For each namespace that needs it; goes on behind the start, and all that is asked for about its links
    // comes after it.
    static void startAll(Core& core);

    LinkRecovery(Core& core, const Uuid& uuid) : core_(core), uuid_(uuid) {}

  private:
    void begin(LinkTurns::TurnPtr turn);
    void onDescribed(Outcome<std::vector<std::vector<LinkState>>> outcome);
    void onHome(Outcome<std::vector<Homecoming::Home>> outcome);
    void removeVeths();
    void onRemoved(Outcome<Done> outcome);
    void giveUp(const Error& error);

    Core& core_;
    Uuid uuid_;
    LinkTurns::TurnPtr turn_;
};

} // namespace nsd
