// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"

#include <optional>

namespace nsd {

// One AddLink. Of a persistent namespace, the link is one of its definition from then on.
class LinkAddition final : public Operation {
  public:
    // `peer`: where the other end goes; none: to the host. Answers through `done` alone, never from inside
    // the call.
    static void start(
        Core& core, const Uuid& uuid, LinkRequest link, std::optional<Uuid> peer, Completion<Done> done);

    LinkAddition(
        Core& core, const Uuid& uuid, LinkRequest link, std::optional<Uuid> peer, Completion<Done> done);

  private:
    void begin(LinkTurns::TurnPtr turn);
    void onMade(Outcome<Done> outcome);
    void remember(NamespaceRecord& record);
    void takeBack(const Error& why);
    void onTakenBack(Outcome<Done> outcome);
    void forgetUnfinished() noexcept;
    void finish(const Outcome<Done>& outcome);

    Core& core_;
    Uuid uuid_;
    LinkRequest link_;
    std::optional<Uuid> peer_;
    Completion<Done> done_;
    LinkTurns::TurnPtr turn_;
    UnfinishedVeth unfinished_;
    std::optional<Error> why_; // it was made, and goes again
};

} // namespace nsd
