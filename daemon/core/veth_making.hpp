// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/veth_spec.hpp"
#include "daemon/core/core.hpp"

#include <optional>
#include <vector>

namespace nsd {

// Makes veth pairs that all have one end in the same network namespace, one after the other, or none of
// them: what was made goes again when one fails. Whoever starts it records what must not stay when nsd is
// killed meanwhile.
class VethMaking final : public Operation {
  public:
    struct Pair {
        VethSpec veth;
        UniqueFd peer; // where the other end goes
    };
    static void start(Core& core, UniqueFd inside, std::vector<Pair> pairs, Completion<Done> done);

    VethMaking(Core& core, UniqueFd inside, std::vector<Pair> pairs, Completion<Done> done);

  private:
    void next();
    void onMade(Outcome<std::pair<MovedLink, MovedLink>> outcome);
    void onRemoved(Outcome<Done> outcome);
    void finish(const Outcome<Done>& outcome);

    Core& core_;
    UniqueFd inside_;
    std::vector<Pair> pairs_;
    Completion<Done> done_;
    std::size_t made_ = 0;
    std::optional<Error> why_; // one failed
};

// Removes those of the pairs that there are. What stays nevertheless is logged, and the answer is its error.
class VethRemoval final : public Operation {
  public:
    static void start(Core& core, UniqueFd inside, std::vector<UnfinishedVeth> veths, Completion<Done> done);

    VethRemoval(Core& core, UniqueFd inside, std::vector<UnfinishedVeth> veths, Completion<Done> done);

  private:
    void next();
    void onRemoved(Outcome<bool> outcome);

    Core& core_;
    UniqueFd inside_;
    std::vector<UnfinishedVeth> veths_;
    Completion<Done> done_;
    std::optional<Error> problem_;
};

} // namespace nsd
