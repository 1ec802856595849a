// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/authority.hpp"
#include "daemon/core/rights.hpp"

#include <cstdint>
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
    std::string why;              // allowed: on what ground; refused: what the caller was told
    std::uint64_t notWritten = 0; // of this uid's before this one: too many in too short a time
};

// Where decisions are written down. Access gives it one record for each decision on a right that not
// everybody has, and for each refusal; of a caller's many that change nothing it only counts those above
// the rate, so that nobody drowns the others' or makes the journal drop them.
class Audit {
  public:
    Audit() = default;
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;
    virtual ~Audit() = default;

    virtual void record(const AuditRecord& decision) noexcept = 0;
};

} // namespace nsd
