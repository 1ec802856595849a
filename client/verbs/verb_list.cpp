// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/users.hpp"
#include "client/cli/values.hpp"
#include "client/verbs/verb.hpp"

#include <array>
#include <cstdint>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"label", '\0', "K=V", "only those with this label; repeated: with all of them"},
};

Record recordOf(const ListedNamespace& row) {
    return {{
        {"name", "Name", row.name},
        {"types", "Types", row.types},
        {"owner", "Owner", std::uint64_t{row.owner}, userName(row.owner)},
        {"state", "State", row.state, {}, row.state == "degraded"},
        {"created", "Created", row.created, timeText(row.created)},
        {"labels", "Labels", row.labels},
        {"origin", "", row.origin},
        {"uuid", "", row.uuid},
        {"path", "", row.path},
    }};
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto filter = parseAssignments(arguments.values("label"));
    std::vector<Record> records;
    for (const auto& row : context.client().list(filter))
        records.push_back(recordOf(row));
    context.showTable(records);
    return exitSuccess;
}

} // namespace

const Verb listVerb{"list", "ls", "list the namespaces", {"", 0, 0}, options, "",
    "nsctl list --label env=test --json=short", exitFailure, run};

} // namespace nsd::client
