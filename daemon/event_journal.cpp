// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/event_journal.hpp"

#include "common/quote.hpp"
#include "daemon/core/borrowed_link.hpp"
#include "daemon/core/lease_files.hpp"
#include "daemon/core/namespace_record.hpp"
#include "daemon/message_ids.hpp"

#include <csignal>
#include <utility>

namespace nsd {
namespace {

constexpr int info = 6; // syslog(3)'s
constexpr int warning = 4;

std::string byWhom(const MaybeRequester& by) {
    return by ? " by uid " + std::to_string(by->uid) : "";
}

// As in the entries of decisions (daemon/audit_trail); none where nsd did it by itself.
std::vector<std::string> callerFields(const MaybeRequester& by) {
    if (!by)
        return {};
    std::vector<std::string> fields{"NSD_CALLER_UID=" + std::to_string(by->uid)};
    if (by->pid != 0)
        fields.push_back("NSD_CALLER_PID=" + std::to_string(by->pid));
    return fields;
}

// A Name has nothing to quote.
std::string sentence(const NamespaceRecord& record, const std::string& rest) {
    return "Namespace " + record.name.str() + rest;
}

std::string howItEnded(const ProcessEnd& end) {
    return end.code == CLD_EXITED ? "with status " + std::to_string(end.status)
                                  : "by signal " + std::to_string(end.status);
}

} // namespace

EventJournal::EventJournal(Records& records, Namespaces& namespaces, Processes& processes)
    : records_(records), namespaces_(namespaces), processes_(processes) {
    namespaces_.attach(this);
    processes_.attach(this);
}

EventJournal::~EventJournal() {
    processes_.detach(this);
    namespaces_.detach(this);
}

void EventJournal::write(const char* messageId, int priority, const NamespaceRecord& record, std::string text,
    std::vector<std::string> fields) {
    fields.push_back("NSD_NAMESPACE=" + record.name.str());
    fields.push_back("NSD_UUID=" + record.uuid.str());
    fields.push_back("NSD_OWNER_UID=" + std::to_string(record.owner));
    // A field may be there several times: NSD_TYPE=net finds all that have that type.
    for (const auto type : record.types())
        fields.push_back("NSD_TYPE=" + std::string(toWord(type)));
    records_.record({messageId, priority, std::move(text), std::move(fields)});
}

void EventJournal::write(
    const char* messageId, const ProcessRecord& process, std::string text, std::vector<std::string> fields) {
    fields.push_back("NSD_PROCESS=" + std::to_string(process.number));
    fields.push_back("NSD_PROCESS_PID=" + std::to_string(process.pid));
    fields.push_back("NSD_PROCESS_UID=" + std::to_string(process.uid));
    fields.push_back("NSD_UUID=" + process.namespaceUuid.str());
    if (const auto* record = namespaces_.findByUuid(process.namespaceUuid))
        fields.push_back("NSD_NAMESPACE=" + record->name.str());
    records_.record({messageId, info, std::move(text), std::move(fields)});
}

void EventJournal::added(const NamespaceRecord& record, const MaybeRequester& by) {
    auto fields = callerFields(by);
    fields.push_back("NSD_ORIGIN=" + std::string(toWord(record.origin)));
    write(message::namespaceNew, info, record, sentence(record, " is made" + byWhom(by)), std::move(fields));
}

void EventJournal::removed(const NamespaceRecord& record, const MaybeRequester& by) {
    write(message::namespaceRemoved, info, record, sentence(record, " is destroyed" + byWhom(by)),
        callerFields(by));
}

void EventJournal::changed(const NamespaceRecord& record, std::string_view what) {
    if (what == "degraded")
        write(message::namespaceDegraded, warning, record,
            sentence(record, " is degraded: something of it is lost"));
}

void EventJournal::leaseEnded(
    const NamespaceRecord& record, std::uint32_t number, const LeaseHolder& holder, LeaseEnd how) {
    const bool revoked = how == LeaseEnd::Revoked;
    write(message::leaseEnded, info, record,
        "Lease " + std::to_string(number) + " of uid " + std::to_string(holder.uid) + " on namespace " +
            record.name.str() + (revoked ? " was revoked" : " was closed"),
        {"NSD_LEASE=" + std::to_string(number), "NSD_LEASE_UID=" + std::to_string(holder.uid),
            revoked ? "NSD_LEASE_END=revoked" : "NSD_LEASE_END=closed"});
}

void EventJournal::linkBorrowed(const NamespaceRecord& record, const BorrowedLink& link) {
    write(message::linkMoved, info, record,
        "Link " + quoted(link.custody.name) + " of the host is in namespace " + record.name.str() + " as " +
            quoted(link.name),
        {"NSD_LINK=" + link.name, "NSD_LINK_HOME=" + link.custody.name});
}

// What is not as it was, another name above all, is said here.
void EventJournal::linkReturned(
    const NamespaceRecord& record, const BorrowedLink& link, const ReturnedLink& returned) {
    const bool home = returned.end == ReturnedLink::End::Home;
    std::string text = "Link " + quoted(link.name) + " of namespace " + record.name.str() +
                       (home ? " is back on the host as " + quoted(returned.name) : " is gone");
    for (const auto& remark : returned.remarks)
        text += "; " + remark;
    write(message::linkReturned, home && returned.remarks.empty() ? info : warning, record, std::move(text),
        {"NSD_LINK=" + link.name, "NSD_LINK_HOME=" + (home ? returned.name : link.custody.name)});
}

void EventJournal::started(const ProcessRecord& process, const MaybeRequester& by) {
    write(message::processStarted, process,
        "Process " + std::to_string(process.number) + " of uid " + std::to_string(process.uid) +
            " has begun, pid " + std::to_string(process.pid),
        callerFields(by));
}

void EventJournal::ended(const ProcessRecord& process) {
    write(message::processEnded, process,
        "Process " + std::to_string(process.number) + " has ended " + howItEnded(*process.end),
        {"NSD_EXIT_CODE=" + std::to_string(process.end->code),
            "NSD_EXIT_STATUS=" + std::to_string(process.end->status)});
}

void EventJournal::forgotten(std::uint64_t /*number*/) {
    // Nothing happened.
}

Record recordOf(const Quarantined& leftover) {
    return {message::namespaceQuarantined, warning,
        "Put into quarantine: " + quoted(leftover.entry) + ": " + leftover.reason,
        {"NSD_ENTRY=" + leftover.entry, "NSD_WHY=" + leftover.reason}};
}

} // namespace nsd
