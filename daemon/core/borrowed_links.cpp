// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/borrowed_links.hpp"

#include "common/quote.hpp"
#include "daemon/core/record_edit.hpp"

#include <algorithm>
#include <utility>

namespace nsd {

std::vector<BorrowedLink> withLink(std::vector<BorrowedLink> links, const BorrowedLink& link) {
    for (auto& entry : links)
        if (entry.custody.tag == link.custody.tag)
            entry = link;
    return links;
}

std::vector<BorrowedLink> withoutLink(std::vector<BorrowedLink> links, std::string_view tag) {
    std::erase_if(links, [&](const BorrowedLink& entry) { return entry.custody.tag == tag; });
    return links;
}

const BorrowedLink* findLink(const std::vector<BorrowedLink>& links, std::string_view name) {
    for (const auto& nameOf : {+[](const BorrowedLink& link) -> const std::string& { return link.name; },
             +[](const BorrowedLink& link) -> const std::string& { return link.custody.name; }}) {
        const auto found = std::find_if(
            links.begin(), links.end(), [&](const BorrowedLink& link) { return nameOf(link) == name; });
        if (found != links.end())
            return &*found;
    }
    return nullptr;
}

void settleReturn(
    Core& core, NamespaceRecord& record, const BorrowedLink& link, const ReturnedLink& returned) {
    auto left = withoutLink(record.borrowedLinks, link.custody.tag);
    try {
        changeBorrowed(core, record, std::move(left));
    } catch (const Error& error) {
        core.log.warning("link " + quoted(link.custody.name) + " of " + quoted(record.name.str()) +
                         " has gone home, which is not written down: " + error.text());
    }
    core.events.tell([&](Events& listener) { listener.linkReturned(record, link, returned); });
    core.changed(record, "links");
}

} // namespace nsd
