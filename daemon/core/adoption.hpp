// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/adopt_request.hpp"
#include "daemon/core/core.hpp"
#include "daemon/core/new_namespace.hpp"

#include <cstdint>
#include <optional>

namespace nsd {

// One Adopt, from the reserved name to the published namespace: find process 1 of a pid namespace,
// stage, write meta, pin, and commit by one rename. The processes in it are nobody that nsd may end,
// process 1 among them: what fails here only drops the pins again.
class Adoption final : public Operation {
  public:
    // The request is valid. Throws Error{NameExists, LimitExceeded}.
    static void start(Core& core, AdoptRequest&& request, std::uint64_t digest, Completion<Uuid> done);

    Adoption(Core& core, AdoptRequest&& request, std::uint64_t digest, Completion<Uuid> done);

  private:
    void begin();
    void onInit(Outcome<std::optional<InitProcess>> outcome);
    void finishOrUndo();
    void onEtc(Outcome<MadeEtc> outcome);
    void prepare();
    void publish();
    void checkUnnamed() const;
    void pin(NamespaceType type, int nsFd);
    [[nodiscard]] NamespaceRecord record() const;
    void undo(const Error& error);
    void finish(const Outcome<Uuid>& outcome);

    Core& core_;
    Arrival arrival_;
    AdoptRequest adopted_;
    std::uint64_t digest_;
    Uuid uuid_ = Uuid::random();
    std::optional<InitProcess> init_;
    MadeEtc etc_;
    UniqueFd directory_;
};

} // namespace nsd
