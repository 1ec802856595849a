// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/events.hpp"
#include "daemon/core/processes.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace nsd {

// What `systemctl status` shows of nsd, kept up to date: whatever is told to this may have changed the
// line, which is then made anew and sent, if it is another one, at most once a second.
class StatusLine final : public Events, public ProcessEvents {
  public:
    using Text = std::function<std::string()>;
    using Send = std::function<void(const std::string&)>;

    StatusLine(Loop& loop, Text text, Send send);

    // Something else has changed that is in the line.
    void touch();

    void added(const NamespaceRecord& record, const MaybeRequester& by) override;
    void removed(const NamespaceRecord& record, const MaybeRequester& by) override;
    void changed(const NamespaceRecord& record, std::string_view what) override;
    void leaseGiven(const NamespaceRecord& record, std::uint32_t number, const LeaseHolder& holder) override;
    void leaseEnded(const NamespaceRecord& record, std::uint32_t number, const LeaseHolder& holder,
        LeaseEnd how) override;
    void started(const ProcessRecord& process, const MaybeRequester& by) override;
    void ended(const ProcessRecord& process) override;
    void forgotten(std::uint64_t number) override;

  private:
    void send();

    Loop& loop_;
    Text text_;
    Send send_;
    std::string sent_;
    Loop::SourcePtr timer_;
};

} // namespace nsd
