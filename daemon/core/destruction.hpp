// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"
#include "daemon/core/dismantling.hpp"
#include "daemon/core/homecoming.hpp"
#include "daemon/core/namespaces.hpp"

#include <chrono>
#include <map>
#include <vector>

namespace nsd {

// One Destroy, from the published namespace to the word whether the kernel has ended it. With force
// its members are killed while it still has its name, so that whoever is interrupted can say it
// again; then its links of the host go home, and the commit is one rename. All descriptors are opened before
// that: what could fail for want of one fails while nothing is changed.
class Destruction final : public Operation {
  public:
    // The namespace exists, and no other destruction of it is under way. Throws Error.
    static void start(
        Core& core, const Uuid& uuid, const DestroyOptions& options, Completion<DestroyResult> done);

    Destruction(Core& core, const Uuid& uuid, const DestroyOptions& options, Completion<DestroyResult> done);

  private:
    void openPins();
    void killMembers();
    void onKilled(Outcome<std::vector<Holder>> outcome);
    void returnLinks();
    void onTurn(LinkTurns::TurnPtr turn);
    void onLinksHome(Outcome<std::vector<Homecoming::Home>> outcome);
    void tryCommit();
    void unpublish(const NamespaceRecord& record);
    void commit();
    void onDismantled(Dismantling::Ended ended);
    void onHolders(Outcome<std::vector<Holder>> outcome);
    void finish(const Outcome<DestroyResult>& outcome);

    Core& core_;
    Uuid uuid_;
    DestroyOptions options_;
    Completion<DestroyResult> done_;
    std::chrono::microseconds deadline_;
    LinkTurns::TurnPtr turn_;
    UniqueFd directory_;
    std::map<NamespaceType, UniqueFd> fds_;
    std::vector<NamespaceIdentity> identities_; // verified: nobody is killed on the word of a file
    DestroyResult result_;
};

} // namespace nsd
