// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_custody.hpp"
#include "daemon/worker/link_places.hpp"

#include <string>
#include <vector>

namespace nsd::worker {

// Brings one link home. It is tagged for as long as anything is left to do, so that it can be done again
// from wherever the last one stopped.
class LinkRestorer {
  public:
    LinkRestorer(LinkPlaces& places, const LinkCustody& custody) : places_(places), custody_(custody) {}

    // Throws Error where it is still inside.
    [[nodiscard]] ReturnedLink run();

  private:
    void leaveInside(const LinkState& link);
    void prepareAltNames(const LinkState& link);
    void settle(LinkState link);
    void settleName(LinkState& link);
    void settleAltNames(const LinkState& link);
    void settleMaster(const LinkState& link);
    // Its own name, or the first free one that is made of it.
    [[nodiscard]] std::string freeName();
    // What does not come back as it was is said, and no reason to leave the rest undone.
    template <class Step>
    void tryTo(Step step);

    LinkPlaces& places_;
    const LinkCustody& custody_;
    ReturnedLink returned_;
};

} // namespace nsd::worker
