// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_list.hpp"

#include "common/quote.hpp"
#include "daemon/bus/link_details.hpp"
#include "daemon/bus/option_reader.hpp"
#include "dbus/object_path.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace nsd::bus {
namespace {

constexpr std::uint32_t maximum = 500;

struct ListRequest {
    ListOptions page;
    bool processes = false;
    bool links = false;
    bool linkDetails = false;
};

// The rows as they were when the question came. They stay as many while the kernel is asked, since
// a page that is short means the end to its reader.
struct Page {
    std::vector<ListRow> rows;
    std::vector<std::vector<NamespaceIdentity>> members; // of each row
    std::vector<UniqueFd> netFds;                        // of the rows that have net
    std::vector<std::size_t> netRows;                    // which those are

    std::vector<std::vector<BorrowedLink>> borrowed; // of those

    [[nodiscard]] OptionMap& more(std::size_t row) { return std::get<8>(rows[row]); }
};
using PagePtr = std::shared_ptr<Page>;
using ListReply = Reply<std::vector<ListRow>>;

void readWith(const Words& words, ListRequest& request) {
    for (const auto& word : words) {
        bool* const wanted = word == "processes"      ? &request.processes
                             : word == "links"        ? &request.links
                             : word == "link-details" ? &request.linkDetails
                                                      : nullptr;
        if (wanted == nullptr)
            throw Error(
                Errc::InvalidArgument, "option \"with\" has " + quoted(word) +
                                           "; it may have \"processes\", \"links\" and \"link-details\"");
        if (*wanted)
            throw Error(Errc::InvalidArgument, "option \"with\" has " + quoted(word) + " twice");
        *wanted = true;
    }
}

ListRequest readOptions(OptionMap given) {
    ListRequest request;
    OptionReader options("List", std::move(given));
    request.page.after = options.take<std::string>("after").value_or("");
    request.page.limit = options.take<std::uint32_t>("limit").value_or(maximum);
    request.page.labels = options.take<TextMap>("label").value_or(TextMap{});
    readWith(options.take<Words>("with").value_or(Words{}), request);
    options.finish();
    if (request.page.limit == 0 || request.page.limit > maximum)
        throw Error(Errc::InvalidArgument, "option \"limit\" is " + std::to_string(request.page.limit) +
                                               "; it must be from 1 to " + std::to_string(maximum));
    return request;
}

ListRow rowOf(const NamespaceRecord& record) {
    OptionMap more;
    more.emplace("labels", record.labels);
    return {record.name.str(), sdbus::ObjectPath(dbus::objectPath(record.uuid)), record.uuid.str(),
        toWords(record.types()), record.owner, std::string(toWord(record.state)),
        std::string(toWord(record.origin)), record.createdRealtime, std::move(more)};
}

// The descriptor of a row's net namespace; a row whose namespace cannot be opened has no links to
// show, and the rest of the page is still good.
void openNet(Namespaces& namespaces, const NamespaceRecord& record, std::size_t row, Page& page) {
    if (!record.types().contains(NamespaceType::Net))
        return;
    try {
        page.netFds.push_back(
            std::move(namespaces.open(record.uuid, {NamespaceType::Net}).at(NamespaceType::Net)));
        page.netRows.push_back(row);
        page.borrowed.push_back(record.borrowedLinks);
    } catch (const Error& error) {
        if (error.code() == Errc::LimitExceeded)
            throw;
    }
}

PagePtr readPage(Namespaces& namespaces, const ListRequest& request) {
    auto page = std::make_shared<Page>();
    for (const auto* record : namespaces.list(request.page)) {
        if (request.links || request.linkDetails)
            openNet(namespaces, *record, page->rows.size(), *page);
        auto& members = page->members.emplace_back();
        for (const auto& [type, identity] : record->identities)
            members.push_back(identity);
        page->rows.push_back(rowOf(*record));
    }
    return page;
}

void addLinks(Context& context, const PagePtr& page, const ListRequest& request, const ListReply& reply) {
    auto described = [page, request, reply](const std::vector<std::vector<LinkState>>& links) {
        for (std::size_t i = 0; i < links.size() && i < page->netRows.size(); ++i) {
            auto& more = page->more(page->netRows[i]);
            if (request.links)
                more.emplace("links", namesOf(links[i]));
            if (request.linkDetails)
                more.emplace("link-details", detailsOf(links[i], page->borrowed[i]));
        }
        reply.send(page->rows);
    };
    context.namespaces.links().describe(
        std::move(page->netFds), reply.then<std::vector<std::vector<LinkState>>>(std::move(described)));
}

void addProcesses(Context& context, const PagePtr& page, const ListRequest& request, const ListReply& reply) {
    auto counted = [&context, page, request, reply](const std::vector<std::uint32_t>& counts) {
        for (std::size_t row = 0; row < counts.size() && row < page->rows.size(); ++row)
            page->more(row).emplace("processes", counts[row]);
        if (request.links || request.linkDetails)
            addLinks(context, page, request, reply);
        else
            reply.send(page->rows);
    };
    context.kernel.countMembers(page->members, reply.then<std::vector<std::uint32_t>>(std::move(counted)));
}

} // namespace

void list(Context& context, const Call& call, OptionMap options, const ListReply& reply) {
    const auto request = readOptions(std::move(options));
    context.access.check(call, std::nullopt, reply.then<Caller>([&context, request, reply](const Caller&) {
        const auto page = readPage(context.namespaces, request);
        if (request.processes)
            addProcesses(context, page, request, reply);
        else if (request.links || request.linkDetails)
            addLinks(context, page, request, reply);
        else
            reply.send(page->rows);
    }));
}

} // namespace nsd::bus
