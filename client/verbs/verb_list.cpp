// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/users.hpp"
#include "client/cli/values.hpp"
#include "client/live/tree_source.hpp"
#include "client/output/columns.hpp"
#include "client/verbs/link_record.hpp"
#include "client/verbs/verb.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"label", '\0', "K=V", "only those with this label; repeated: with all of them"},
    Option{"types", 't', "TYPE,…", "only those that have all of these types"},
    Option{"owner", '\0', "USER", "only those of this owner"},
    Option{"state", '\0', "STATE", "only those in this state: pending, ready, degraded"},
    Option{"output", 'o', "COLUMN,…",
        "these columns, or all: name types owner state created labels origin uuid path"},
    Option{"links", '\0', nullptr, "with their links, and the addresses and state of each"},
    Option{"tree", '\0', nullptr, "owner user namespaces, their namespaces, and the processes in each"},
};

constexpr std::array<std::string_view, 6> usualColumns{
    "name", "types", "owner", "state", "created", "labels"};

Record recordOf(const ListedNamespace& row) {
    return {{
        {"name", "Name", row.name},
        {"types", "Types", row.types},
        {"owner", "Owner", std::uint64_t{row.owner}, userName(row.owner)},
        {"state", "State", row.state, {}, row.state == "degraded"},
        {"created", "Created", row.created, timeText(row.created)},
        {"labels", "Labels", row.labels},
        {"origin", "Origin", row.origin},
        {"uuid", "UUID", row.uuid},
        {"path", "Object", row.path},
    }};
}

// What Manager.List does not choose by itself.
struct Filter {
    NamespaceTypes types;
    std::optional<uid_t> owner;
    std::optional<std::string> state;

    [[nodiscard]] bool lets(const ListedNamespace& row) const {
        return (types.empty() || namespaceTypesFromWords(row.types).containsAll(types)) &&
               (!owner || row.owner == *owner) && (!state || row.state == *state);
    }
};

Filter filterOf(const Arguments& arguments) {
    Filter filter;
    if (arguments.has("types"))
        filter.types = parseTypes(arguments.values("types"));
    if (const auto owner = arguments.value("owner"))
        filter.owner = userId(*owner);
    filter.state = arguments.value("state");
    if (filter.state && *filter.state != "pending" && *filter.state != "ready" && *filter.state != "degraded")
        throw UsageError("--state is pending, ready or degraded");
    return filter;
}

std::string namesOf(const std::vector<LinkDetails>& links) {
    std::string names;
    for (const auto& link : links) {
        names += (names.empty() ? "" : ",") + link.name;
        for (const auto& address : link.addresses)
            names += " " + address;
    }
    return names;
}

int runTree(VerbContext& context, const Arguments& arguments, const Filter& filter, const Labels& labels) {
    if (arguments.has("output") || arguments.has("links"))
        throw UsageError("--tree goes with neither -o nor --links");
    std::vector<ListedNamespace> rows;
    for (auto& row : context.client().listWithProcesses())
        if (filter.lets(row) &&
            std::includes(row.labels.begin(), row.labels.end(), labels.begin(), labels.end()))
            rows.push_back(std::move(row));
    const auto namespaces = treeNamespaces(context.client(), std::move(rows), context.joiner().uid);
    const bool anyProcess = std::any_of(
        namespaces.begin(), namespaces.end(), [](const auto& entry) { return isInhabited(entry.row); });
    context.showTree(namespaceTree(namespaces,
        anyProcess ? seenProcesses("/proc") : std::vector<SeenProcess>(), initialUserNamespace()));
    return exitSuccess;
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto labels = parseAssignments(arguments.values("label"));
    const auto filter = filterOf(arguments);
    if (arguments.has("tree"))
        return runTree(context, arguments, filter, labels);
    auto columns = parseColumns(arguments.value("output"), recordOf({}), usualColumns);
    std::vector<Record> records;
    const bool links = arguments.has("links");
    if (links)
        columns.emplace_back("links");
    for (const auto& row : links ? context.client().listWithLinks(labels) : context.client().list(labels)) {
        if (!filter.lets(row))
            continue;
        auto& record = records.emplace_back(recordOf(row));
        if (links)
            record.fields.push_back({"links", "Links", linkRecords(row.links), namesOf(row.links)});
    }
    context.showTable(records, columns);
    return exitSuccess;
}

} // namespace

const Verb listVerb{"list", "ls", "list the namespaces", {"", 0, 0}, options,
    "JSON has every key, whatever the columns; of a tree, what is below an object is in its \"children\".",
    "nsctl list --label env=test -o name,uuid", exitFailure, run};

} // namespace nsd::client
