// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "client/join/join_facts.hpp"
#include "client/join/join_plan.hpp"
#include "client/join/user.hpp"
#include "client/join/whereabouts.hpp"

#include <optional>
#include <sys/types.h>

namespace nsd::client {

// The way of this process into namespaces: join(), then settle() in the process that stays inside. Owns the
// descriptors, and what has to be taken from outside before the first setns(2). After an Error of either
// the process is joined to some of the namespaces and must end. Needs a process with one thread.
class Joining {
  public:
    // `user`: empty: who this process is; root is root inside a joined user namespace. Throws Error for
    // descriptors that are not what they are said to be, or cannot be joined together.
    Joining(Entrance entrance, std::optional<User> user);

    // The process cannot be traced from then on; the descriptors are closed.
    void join();
    // Of a pid namespace only children are inside: settle() is a child's then.
    [[nodiscard]] bool forks() const noexcept { return plan_.forks; }
    // The /proc, ids and directory of a process that lives inside. Throws Error, UnmappedId where the user
    // does not exist there.
    void settle();

  private:
    void takeFromOutside();
    void joinOne(NamespaceType type);
    void chooseIds() const;

    Entrance entrance_;
    std::optional<User> user_;
    JoinFacts facts_;
    JoinPlan plan_;
    uid_t ownUid_;
    UniqueFd proc_;
    Whereabouts whereabouts_;
};

} // namespace nsd::client
