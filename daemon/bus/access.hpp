// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/uuid.hpp"
#include "daemon/bus/call.hpp"
#include "daemon/bus/caller_directory.hpp"
#include "daemon/core/authority.hpp"
#include "daemon/core/namespaces.hpp"

#include <optional>

namespace nsd::bus {

// Decides whether a call may go on, and who made it: the rule of its method, then root, then the
// Authority. The answer is bound to the UUID of the namespace that was meant, never to its name,
// which may be another one's by the time that somebody has answered.
class Access {
  public:
    Access(CallerDirectory& callers, Authority& authority, const Namespaces& namespaces)
        : callers_(callers), authority_(authority), namespaces_(namespaces) {}

    // `target`: the namespace that the method acts on, if it acts on one; it is there when `verdict`
    // is called with a Caller. `verdict` may be called before this returns: a known caller costs
    // no turn of the loop.
    void check(const Call& call, std::optional<Uuid> target, CallerAnswer verdict);

  private:
    void decide(const MethodRule& rule, const Caller& caller, std::optional<Uuid> target,
        const CallerAnswer& verdict);
    void askAuthority(const MethodRule& rule, const Caller& caller, const NamespaceRecord* record,
        const CallerAnswer& verdict);

    CallerDirectory& callers_;
    Authority& authority_;
    const Namespaces& namespaces_;
};

} // namespace nsd::bus
