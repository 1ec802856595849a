// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/link_record.hpp"

#include <cstdint>

namespace nsd::client {

Record linkRecord(const LinkDetails& link, const std::string& of) {
    Record record;
    if (!of.empty())
        record.fields.push_back({"namespace", "Namespace", of});
    for (auto& field : std::vector<Field>{
             {"name", "Link", link.name},
             {"kind", "Kind", link.kind},
             {"state", "State", link.state},
             {"mtu", "MTU", std::uint64_t{link.mtu}},
             {"mac", "MAC", link.mac},
             {"addresses", "Addresses", link.addresses},
             {"home", "Home", link.home},
             {"master", "", link.master},
             {"index", "", std::uint64_t{link.index}},
         })
        record.fields.push_back(std::move(field));
    return record;
}

std::vector<Record> linkRecords(const std::vector<LinkDetails>& links) {
    std::vector<Record> records;
    records.reserve(links.size());
    for (const auto& link : links)
        records.push_back(linkRecord(link, ""));
    return records;
}

} // namespace nsd::client
