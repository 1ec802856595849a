// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/audit.hpp"
#include "systemd/record.hpp"

#include <string>

namespace nsd {

// Writes each decision down, with fields to search by.
class AuditTrail final : public Audit {
  public:
    explicit AuditTrail(Records& records) : records_(records) {}

    void record(const AuditRecord& decision) noexcept override;

  private:
    Records& records_;
};

// The decision as one line for people: `uid 1000 may Destroy namespace "web" (right manage): owner`.
[[nodiscard]] std::string describe(const AuditRecord& decision);
// The decision as it is written down; what it does not know is missing. Throws std::bad_alloc.
[[nodiscard]] Record recordOf(const AuditRecord& decision);

} // namespace nsd
