// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/users.hpp"
#include "client/output/cni_result.hpp"
#include "client/verbs/link_record.hpp"
#include "client/verbs/verb.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace nsd::client {
namespace {

std::string granteeName(const Grant& grant) {
    return grant.kind == "group" ? groupName(grant.id) : userName(grant.id);
}

std::vector<Record> recordsOf(const std::vector<Grant>& grants) {
    std::vector<Record> records;
    records.reserve(grants.size());
    for (const auto& grant : grants)
        records.push_back({{{"kind", "", grant.kind}, {"id", "", std::uint64_t{grant.id}, granteeName(grant)},
            {"rights", "", grant.rights}}});
    return records;
}

Record recordOf(const NamespaceDetails& details, const std::vector<LinkDetails>& links) {
    auto network = linksOf(details.cni);
    const auto* const networkHeading = network.empty() ? "" : "CNI network";
    Record record{{
        {"name", "Name", details.name},
        {"types", "Types", details.types},
        {"owner", "Owner", std::uint64_t{details.owner}, userName(details.owner)},
        {"state", "State", details.state},
        {"created", "Created", details.created, timeText(details.created)},
        {"origin", "Origin", details.origin},
        {"lifetime", "Lifetime", details.lifetime},
        {"labels", "Labels", details.labels},
        {"pins", "Pins", details.pins},
        {"inodes", "Inodes", details.inodes},
        {"ids", "Kernel ids", details.ids},
        {"published", details.publicPath.empty() ? "" : "Published", details.publicPath},
        {"control_group", details.controlGroup.empty() ? "" : "Control group", details.controlGroup},
        {"etc_files", details.etcFiles.empty() ? "" : "Files in /etc", details.etcFiles},
        {"cni", networkHeading, std::move(network)},
        {"grants", details.grants.empty() ? "" : "Grants", recordsOf(details.grants)},
        {"links", links.empty() ? "" : "Links", linkRecords(links)},
        {"uuid", "UUID", details.uuid},
        {"path", "Object", details.path},
    }};
    if (details.nsid >= 0)
        record.fields.push_back({"nsid", "Nsid", static_cast<std::uint64_t>(details.nsid)});
    return record;
}

// A second question, and only where it has an answer.
std::vector<LinkDetails> linksOf(Client& client, const NamespaceDetails& details) {
    const bool hasNet = std::find(details.types.begin(), details.types.end(), "net") != details.types.end();
    return hasNet && details.state != "pending" ? client.listWithLinks(details.name).links
                                                : std::vector<LinkDetails>();
}

int run(VerbContext& context, const Arguments& arguments) {
    std::vector<Record> records;
    const int status = context.forEachName("show", arguments.words(), [&](const std::string& name) {
        const auto details = context.client().show(name);
        records.push_back(recordOf(details, linksOf(context.client(), details)));
    });
    context.showDetails(
        records, arguments.words().size() > 1 ? VerbContext::Asked::Several : VerbContext::Asked::One);
    return status;
}

} // namespace

const Verb showVerb{"show", nullptr, "show all that is known about a namespace", {"NAME…", 1, anyNumber}, {},
    "With --json: an object for one name, an array for several.", "nsctl show web --json=pretty", exitFailure,
    run};

} // namespace nsd::client
