// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/audit_trail.hpp"

#include "common/quote.hpp"
#include "daemon/message_ids.hpp"

#include <exception>
#include <string>

namespace nsd {

std::string describe(const AuditRecord& decision) {
    std::string line = "uid " + std::to_string(decision.caller.uid);
    line += decision.allowed ? " may " : " may not ";
    line += decision.method;
    if (!decision.name.empty())
        line += " namespace " + quoted(decision.name);
    line += " (right " + std::string(toWord(decision.right)) + "): " + decision.why;
    if (decision.notWritten != 0)
        line += "; " + std::to_string(decision.notWritten) +
                " of this uid's just before are not written down: too many at once";
    return line;
}

Record recordOf(const AuditRecord& decision) {
    constexpr int info = 6; // syslog(3)'s
    constexpr int notice = 5;
    Record record{message::decision, decision.allowed ? info : notice, describe(decision),
        {
            "NSD_METHOD=" + decision.method,
            "NSD_RIGHT=" + std::string(toWord(decision.right)),
            "NSD_CALLER_UID=" + std::to_string(decision.caller.uid),
            decision.allowed ? "NSD_VERDICT=allowed" : "NSD_VERDICT=denied",
            "NSD_WHY=" + decision.why,
        }};
    if (!decision.name.empty())
        record.fields.push_back("NSD_NAMESPACE=" + decision.name);
    if (!decision.uuid.empty())
        record.fields.push_back("NSD_UUID=" + decision.uuid);
    if (decision.notWritten != 0)
        record.fields.push_back("NSD_NOT_WRITTEN=" + std::to_string(decision.notWritten));
    if (decision.caller.pid != 0)
        record.fields.push_back("NSD_CALLER_PID=" + std::to_string(decision.caller.pid));
    return record;
}

void AuditTrail::record(const AuditRecord& decision) noexcept {
    try {
        records_.record(recordOf(decision));
    } catch (const std::exception&) {
        records_.record({message::decision, 3, "out of memory: a decision is not written down", {}});
    }
}

} // namespace nsd
