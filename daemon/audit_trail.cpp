// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/audit_trail.hpp"

#include "common/quote.hpp"

#include <exception>

namespace nsd {

std::string describe(const AuditRecord& decision) {
    std::string line = "uid " + std::to_string(decision.caller.uid);
    line += decision.allowed ? " may " : " may not ";
    line += decision.method;
    if (!decision.name.empty())
        line += " namespace " + quoted(decision.name);
    return line + " (right " + std::string(toWord(decision.right)) + "): " + decision.why;
}

void AuditTrail::record(const AuditRecord& decision) noexcept {
    try {
        log_.info(describe(decision));
    } catch (const std::exception& failure) {
        log_.error(failure.what()); // out of memory
    }
}

} // namespace nsd
