// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace nsd {

// Something that happened, for those who search the journal: what kind of thing, in words, and with fields.
struct Record {
    const char* messageId = ""; // of daemon/message_ids
    int priority = 6;           // syslog(3)'s
    std::string text;
    std::vector<std::string> fields; // "NSD_UUID=…"
};

// Where such things are written down.
class Records {
  public:
    Records() = default;
    Records(const Records&) = delete;
    Records& operator=(const Records&) = delete;
    virtual ~Records() = default;

    virtual void record(const Record& record) noexcept = 0;
};

} // namespace nsd
