// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/holder_record.hpp"

#include "common/quote.hpp"

#include <cstdint>

namespace nsd::client {

std::vector<Record> recordsOf(const std::vector<Holder>& holders) {
    std::vector<Record> records;
    records.reserve(holders.size());
    for (const auto& holder : holders)
        records.push_back({{
            {"kind", "Kind", holder.kind},
            {"pid", "PID", std::uint64_t{holder.pid}, holder.pid == 0 ? "-" : ""},
            {"comm", "Command", holder.comm},
            {"type", "Type", holder.type},
            {"detail", "Detail", holder.detail},
        }});
    return records;
}

std::string describe(const Holder& holder) {
    // Anybody can choose the name of his process and his paths.
    const auto plain = [](const std::string& text) {
        return hasControlCharacters(text) || !isUtf8(text) ? quoted(text) : text;
    };
    std::string text = holder.kind;
    if (holder.pid != 0)
        text += " " + std::to_string(holder.pid);
    if (!holder.comm.empty())
        text += " (" + plain(holder.comm) + ")";
    if (!holder.type.empty())
        text += ", " + holder.type;
    if (!holder.detail.empty())
        text += ": " + plain(holder.detail);
    return text;
}

} // namespace nsd::client
