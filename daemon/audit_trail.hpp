// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "daemon/core/audit.hpp"

#include <string>

namespace nsd {

// Writes each decision to the log.
class AuditTrail final : public Audit {
  public:
    explicit AuditTrail(Log& log) : log_(log) {}

    void record(const AuditRecord& decision) noexcept override;

  private:
    Log& log_;
};

// The decision as one line for people: "uid 1000 may Destroy namespace "web": owner".
[[nodiscard]] std::string describe(const AuditRecord& decision);

} // namespace nsd
