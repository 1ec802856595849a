// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/link_details.hpp"

#include <string>
#include <utility>

namespace nsd::bus {
namespace {

OptionMap detailsOf(const LinkState& link) {
    OptionMap details;
    details.emplace("index", link.index);
    details.emplace("name", link.name);
    details.emplace("up", link.isUp);
    details.emplace("state", link.operState);
    details.emplace("mtu", link.mtu);
    details.emplace("addresses", link.addresses);
    for (const auto& [key, text] : {std::pair("kind", &link.identity.kind), std::pair("mac", &link.mac),
             std::pair("master", &link.master)})
        if (!text->empty())
            details.emplace(key, *text);
    return details;
}

} // namespace

Words namesOf(const std::vector<LinkState>& links) {
    Words names;
    names.reserve(links.size());
    for (const auto& link : links)
        names.push_back(link.name);
    return names;
}

OptionMaps detailsOf(const std::vector<LinkState>& links, const std::vector<BorrowedLink>& borrowed) {
    OptionMaps all;
    all.reserve(links.size());
    for (const auto& link : links) {
        auto details = detailsOf(link);
        for (const auto& entry : borrowed)
            if (entry.custody.insideIndex == link.index)
                details.emplace("home", entry.custody.name);
        all.push_back(std::move(details));
    }
    return all;
}

} // namespace nsd::bus
