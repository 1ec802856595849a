// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/definition_reader.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace nsd {
namespace {

// In the order in which it is written: for people's eyes.
using Json = nlohmann::ordered_json;

Json toJson(const Principal& principal) {
    return std::visit([](const auto& value) { return Json(value); }, principal);
}

Json toJson(const std::vector<IdRange>& map) {
    auto lines = Json::array();
    for (const auto& range : map)
        lines.push_back({range.inside, range.outside, range.count});
    return lines;
}

Json toJson(const std::vector<Definition::Grant>& grants) {
    auto list = Json::array();
    for (const auto& grant : grants) {
        Json entry;
        entry[grant.group ? "group" : "user"] = toJson(grant.to);
        entry["rights"] = grant.rights;
        list.push_back(std::move(entry));
    }
    return list;
}

Json toJson(const LinkRequest& link) {
    Json entry{{"kind", "veth"}, {"name", link.name}};
    for (const auto& [key, text] :
        {std::pair("peer", &link.peer), std::pair("peer-namespace", &link.peerNamespace)})
        if (!text->empty())
            entry[key] = *text;
    for (const auto& [key, texts] : {std::pair("addresses", &link.addresses),
             std::pair("peer-addresses", &link.peerAddresses), std::pair("routes", &link.routes)})
        if (!texts->empty())
            entry[key] = *texts;
    if (link.mtu != 0)
        entry["mtu"] = link.mtu;
    return entry;
}

void addOptions(const NamespaceSpec& spec, Json& document) {
    if (!spec.hostname.empty())
        document["hostname"] = spec.hostname;
    if (!spec.domainname.empty())
        document["domainname"] = spec.domainname;
    if (!spec.sysctls.empty())
        document["sysctls"] = spec.sysctls;
    if (!spec.uidMap.empty())
        document["uid-map"] = toJson(spec.uidMap);
    if (!spec.gidMap.empty())
        document["gid-map"] = toJson(spec.gidMap);
    if (spec.mapRoot)
        document["map-root"] = true;
    if (spec.monotonicOffset)
        document["monotonic-offset"] = *spec.monotonicOffset;
    if (spec.boottimeOffset)
        document["boottime-offset"] = *spec.boottimeOffset;
    for (const auto& link : spec.links)
        document["links"].push_back(toJson(link));
    if (!spec.etc.empty())
        document["etc"] = spec.etc;
}

} // namespace

std::string writeDefinition(const Definition& definition) {
    Json document;
    document["types"] = toWords(definition.spec.types);
    if (definition.owner)
        document["owner"] = toJson(*definition.owner);
    if (definition.rootless)
        document["rootless"] = true;
    if (!definition.labels.empty())
        document["labels"] = definition.labels;
    if (!definition.grants.empty())
        document["grants"] = toJson(definition.grants);
    addOptions(definition.spec, document);
    if (definition.publish)
        document["publish"] = true;
    if (!definition.forwards.empty())
        document["forwards"] = definition.forwards;
    if (!definition.cni.empty())
        document["cni"] = Json::parse(definition.cni);
    if (definition.uuid)
        document["uuid"] = definition.uuid->str();
    return document.dump(2) + '\n';
}

} // namespace nsd
