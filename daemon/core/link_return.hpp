// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"
#include "daemon/core/homecoming.hpp"

#include <string>
#include <vector>

namespace nsd {

// One ReturnLink.
class LinkReturn final : public Operation {
  public:
    // `link`: its name inside, or the one that it had at home; `name`: at home; empty: as before. Answers
    // through `done` alone, never from inside the call.
    static void start(
        Core& core, const Uuid& uuid, std::string link, std::string name, Completion<ReturnedLink> done);

    LinkReturn(
        Core& core, const Uuid& uuid, std::string link, std::string name, Completion<ReturnedLink> done);

  private:
    void begin(LinkTurns::TurnPtr turn);
    void onDescribed(Outcome<std::vector<std::vector<LinkState>>> outcome);
    void bringHome(BorrowedLink link);
    void onHome(Outcome<std::vector<Homecoming::Home>> outcome);
    void finish(const Outcome<ReturnedLink>& outcome);

    Core& core_;
    Uuid uuid_;
    std::string link_;
    std::string name_;
    Completion<ReturnedLink> done_;
    LinkTurns::TurnPtr turn_;
};

} // namespace nsd
