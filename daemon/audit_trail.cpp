// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/audit_trail.hpp"

#include "common/quote.hpp"
#include "systemd/journal.hpp"

#include <exception>
#include <utility>

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

std::vector<std::string> journalFields(const AuditRecord& decision) {
    std::vector<std::string> fields{
        "MESSAGE=" + describe(decision),
        std::string("MESSAGE_ID=") + decisionMessageId,
        decision.allowed ? "PRIORITY=6" : "PRIORITY=5", // info, notice
        "SYSLOG_IDENTIFIER=nsd",
        "NSD_METHOD=" + decision.method,
        "NSD_RIGHT=" + std::string(toWord(decision.right)),
        "NSD_CALLER_UID=" + std::to_string(decision.caller.uid),
        decision.allowed ? "NSD_VERDICT=allowed" : "NSD_VERDICT=denied",
        "NSD_WHY=" + decision.why,
    };
    if (!decision.name.empty())
        fields.push_back("NSD_NAMESPACE=" + decision.name);
    if (!decision.uuid.empty())
        fields.push_back("NSD_UUID=" + decision.uuid);
    if (decision.notWritten != 0)
        fields.push_back("NSD_NOT_WRITTEN=" + std::to_string(decision.notWritten));
    if (decision.caller.pid != 0)
        fields.push_back("NSD_CALLER_PID=" + std::to_string(decision.caller.pid));
    return fields;
}

void AuditTrail::record(const AuditRecord& decision) noexcept {
    try {
        const auto sent = to_ == To::Log ? journal::Sent::No : journal::send(journalFields(decision));
        if (sent == journal::Sent::Full) {
            ++lost_;
            return; // the log is a stream to the same journal, and would wait for it
        }
        if (const auto lost = std::exchange(lost_, 0); lost != 0)
            log_.warning(std::to_string(lost) +
                         " decisions before this one are not written down: the journal took nothing more");
        if (sent == journal::Sent::No)
            log_.info(describe(decision));
    } catch (const std::exception& failure) {
        log_.error(failure.what()); // out of memory
    }
}

} // namespace nsd
