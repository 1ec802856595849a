// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"

#include <optional>
#include <vector>

namespace nsd {

// Brings borrowed links of one namespace home, one after the other; each is out of the record as soon as it
// is there. What cannot go stops none of the others. Whoever starts one has the namespace's turn.
class Homecoming final : public Operation {
  public:
    struct Home {
        BorrowedLink link;
        ReturnedLink returned;
    };
    // The error of the first link that could not go: Busy, and says which and why.
    static void start(
        Core& core, const Uuid& uuid, std::vector<BorrowedLink> links, Completion<std::vector<Home>> done);

    Homecoming(
        Core& core, const Uuid& uuid, std::vector<BorrowedLink> links, Completion<std::vector<Home>> done);

  private:
    void next();
    void onReturned(Outcome<ReturnedLink> outcome);
    void fail(const Error& error);
    void finish();

    Core& core_;
    Uuid uuid_;
    std::vector<BorrowedLink> links_; // to go; the last one first
    Completion<std::vector<Home>> done_;
    std::vector<Home> home_;
    std::optional<Error> problem_;
};

} // namespace nsd
