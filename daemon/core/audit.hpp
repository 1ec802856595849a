// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/authority.hpp"
#include "daemon/core/rights.hpp"

#include <string>

namespace nsd {

// One decision on one call: who wanted what on which namespace, and what came of it.
struct AuditRecord {
    Caller caller; // uid 65534 where the bus did not say who it is
    Right right = Right::Admin;
    std::string method;
    std::string name; // of the namespace when the call came, or that it was to have; "" where there is none
    std::string uuid;
    bool allowed = false;
    std::string why; // allowed: on what ground; refused: what the caller was told
};

// Where decisions are written down. Access gives it exactly one record for each decision on a right
// that not everybody has, and for each refusal.
class Audit {
  public:
    Audit() = default;
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;
    virtual ~Audit() = default;

    virtual void record(const AuditRecord& decision) noexcept = 0;
};

} // namespace nsd
