// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/scope_guard.hpp"
#include "daemon/core/core.hpp"
#include "daemon/core/create_request.hpp"
#include "daemon/core/new_namespace.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nsd {

// One Create, from the reserved name to the published namespace: look up the owner of a user namespace,
// make, stage, pin, write meta, make its links and its network, settle the init, and commit by one rename.
// What fails before that is retired as if it had been destroyed, so that nothing stays; the answer comes
// after that. The file of a persistent one is written just before the commit, and taken back with the rest.
class Creation final : public Operation {
  public:
    // The request is valid. Throws Error{NameExists, LimitExceeded}.
    static void start(Core& core, CreateRequest request, std::uint64_t digest, Completion<Uuid> done);

    Creation(Core& core, CreateRequest request, std::uint64_t digest, Completion<Uuid> done);

  private:
    void begin();
    void onOwner(Outcome<UserEntry> outcome);
    void make();
    void onMade(Outcome<MadeNamespaces> outcome);
    void stage();
    void makeLinks();
    void onLinked(Outcome<Done> outcome);
    void onEtc(Outcome<MadeEtc> outcome);
    void prepare();
    void attach();
    void onAttached(Outcome<Done> outcome);
    void publish();
    void abandon(const Error& error);
    [[nodiscard]] std::unique_ptr<ScopeGuard> keepDefinition(const NamespaceRecord& record);
    void pin(NamespaceType type, int nsFd);
    [[nodiscard]] NamespaceRecord record() const;
    void retire(const Error& error);
    void finish(const Outcome<Uuid>& outcome);

    Core& core_;
    CreateRequest request_;
    std::uint64_t digest_;
    Arrival arrival_;
    unsigned attempt_ = 0;
    bool tooOld_ = false; // the mnt namespace of this attempt could not be pinned
    Uuid uuid_;           // of this attempt
    MadeNamespaces made_;
    MadeEtc etc_;
    UniqueFd directory_;
    std::optional<NamespaceRecord> staged_;
    std::vector<UnfinishedVeth> linked_; // made, and to go if the rest fails
};

} // namespace nsd
