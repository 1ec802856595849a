// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/events.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/processes.hpp"
#include "systemd/record.hpp"

#include <cstdint>

namespace nsd {

// Writes down what happens to namespaces and to the commands in them, and on whose word. On what ground that
// was allowed is in the entry of the decision (daemon/audit_trail), which has the same NSD_UUID or
// NSD_NAMESPACE.
class EventJournal final : public Events, public ProcessEvents {
  public:
    // Is told of what happens from now on. All must outlive this.
    EventJournal(Records& records, Namespaces& namespaces, Processes& processes);
    ~EventJournal() override;

    void added(const NamespaceRecord& record, const MaybeRequester& by) override;
    void removed(const NamespaceRecord& record, const MaybeRequester& by) override;
    void changed(const NamespaceRecord& record, std::string_view what) override;
    void leaseEnded(const NamespaceRecord& record, std::uint32_t number, const LeaseHolder& holder,
        LeaseEnd how) override;
    void linkBorrowed(const NamespaceRecord& record, const BorrowedLink& link) override;
    void linkReturned(
        const NamespaceRecord& record, const BorrowedLink& link, const ReturnedLink& returned) override;
    void started(const ProcessRecord& process, const MaybeRequester& by) override;
    void ended(const ProcessRecord& process) override;
    void forgotten(std::uint64_t number) override;

  private:
    void write(const char* messageId, int priority, const NamespaceRecord& record, std::string text,
        std::vector<std::string> fields = {});
    void write(const char* messageId, const ProcessRecord& process, std::string text,
        std::vector<std::string> fields = {});

    Records& records_;
    Namespaces& namespaces_;
    Processes& processes_;
};

// A leftover that was found at the start.
[[nodiscard]] Record recordOf(const Quarantined& leftover);

} // namespace nsd
