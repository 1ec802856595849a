// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "daemon/core/audit.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nsd {

// Writes each decision down: where nsd's stderr is the journal, as an entry with fields to search by,
// else as a line of the log. Never waits for the journal: decisions that it does not take while it
// hangs are counted, and the log says how many they were once it does again.
class AuditTrail final : public Audit {
  public:
    enum class To { Journal, Log };

    AuditTrail(Log& log, To to) : log_(log), to_(to) {}

    void record(const AuditRecord& decision) noexcept override;

  private:
    Log& log_;
    To to_;
    std::uint64_t lost_ = 0; // since one was written down
};

// All entries have it: journalctl MESSAGE_ID=….
constexpr auto decisionMessageId = "dfdb2cf59a6d447991eb1ea5991cd794";

// The decision as one line for people: `uid 1000 may Destroy namespace "web" (right manage): owner`.
[[nodiscard]] std::string describe(const AuditRecord& decision);
// The decision as fields of the journal; what it does not know is missing.
[[nodiscard]] std::vector<std::string> journalFields(const AuditRecord& decision);

} // namespace nsd
