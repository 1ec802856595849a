// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/uuid.hpp"
#include "daemon/bus/call.hpp"
#include "daemon/bus/caller_directory.hpp"
#include "daemon/core/audit.hpp"
#include "daemon/core/authority.hpp"
#include "daemon/core/namespaces.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::bus {

// Decides whether a call may go on, and who made it: the rule of its method (daemon/core/decision),
// then, where that leaves it to somebody else, the Authority. What one user calls too often or too much
// at a time gets LimitExceeded before that; often is about what changes something or is written down. The
// answer is bound to the UUID of the namespace that was meant, never to its name, which may be another one's
// by the time that somebody has answered.
class Access {
  public:
    Access(CallerDirectory& callers, Authority& authority, Namespaces& namespaces, Audit& audit)
        : callers_(callers),
          authority_(authority),
          namespaces_(namespaces),
          quotas_(namespaces.quotas()),
          audit_(audit) {}

    // `target`: the namespace that the method acts on, if it acts on one; it is there when `verdict`
    // is called with a Caller. `verdict` may be called before this returns: a known caller costs
    // no turn of the loop. The Caller says on which ground it may.
    void check(const Call& call, std::optional<Uuid> target, CallerAnswer verdict);

  private:
    // One call on its way to its verdict.
    struct Matter {
        const MethodRule& rule;
        Caller caller;
        std::optional<Uuid> target;
        std::string name;               // of the namespace when the call came, or that it is to have
        std::vector<std::string> types; // of what is no named namespace, as the owner
        std::optional<uid_t> owner;
        CallerAnswer verdict;
        std::shared_ptr<Quotas::Share> share; // of calls under way
        bool paid = false;                    // for a change, which is limited, and so is its record
    };

    // Counts the call. Throws Error{LimitExceeded}.
    void takeTurn(Matter& matter);

    void judge(Matter matter, const NamespaceRecord* record);
    void askAuthority(const Matter& matter, const NamespaceRecord* record);
    // Both write the decision down before they hand it on.
    void allow(Matter matter, std::string ground);
    void refuse(const Matter& matter, const Error& why);
    void writeDown(const Matter& matter, bool allowed, std::string why);

    CallerDirectory& callers_;
    Authority& authority_;
    const Namespaces& namespaces_;
    Quotas& quotas_;
    Audit& audit_;
    // Of whom how many decisions were not written down. Who vanishes before the bus has said who he is, is
    // uid 65534.
    std::map<uid_t, std::uint64_t> notWritten_;
};

} // namespace nsd::bus
