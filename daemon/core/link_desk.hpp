// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_request.hpp"
#include "common/link_state.hpp"
#include "common/outcome.hpp"
#include "common/unique_fd.hpp"
#include "common/uuid.hpp"
#include "daemon/core/borrowed_link.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nsd {

class Core;

// What can be asked for about the links of named namespaces; each request is an operation of its own
// (link_move, link_return, link_addition). Without a word about who asks, as Namespaces. Answers come
// through the Completion alone, never from inside the call.
class LinkDesk {
  public:
    // The core outlives this.
    explicit LinkDesk(Core& core) : core_(core) {}

    // A link of the host goes inside; `name`: there, empty: its own. What cannot move, and a name that is
    // taken, are errors, and then all is as it was.
    void move(const Uuid& uuid, const std::string& link, const std::string& name, Completion<Done> done);
    // It comes home, as it was; `link` is its name inside or at home, `name` that at home from now on; empty:
    // its own. Busy where it cannot. Both throw InvalidArgument for a name that none can have.
    void giveBack(
        const Uuid& uuid, const std::string& link, const std::string& name, Completion<ReturnedLink> done);
    // A veth pair, one end inside, the other in the namespace `peer`, or without it on the host.
    void add(const Uuid& uuid, LinkRequest link, std::optional<Uuid> peer, Completion<Done> done);
    // The links of each network namespace; in the order given.
    void describe(std::vector<UniqueFd> netFds, Completion<std::vector<std::vector<LinkState>>> done);

  private:
    Core& core_;
};

} // namespace nsd
