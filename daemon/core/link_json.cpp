// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/link_json.hpp"

#include "daemon/core/link_rules.hpp"
#include "daemon/core/strict_json.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace nsd {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

template <class T>
std::vector<T> listFrom(const json& list, const char* what, T (*read)(StrictObject& fields)) {
    if (!list.is_array())
        throw Error(Errc::InvalidArgument, std::string(what) + " is not a list");
    std::vector<T> values;
    for (const auto& value : list) {
        StrictObject fields(value, std::string("an entry of ") + what);
        values.push_back(read(fields));
        fields.finish();
    }
    return values;
}

LinkRequest requestFrom(StrictObject& fields) {
    LinkRequest link{.name = fields.get<std::string>("name"),
        .peer = fields.get<std::string>("peer"),
        .peerNamespace = fields.get<std::string>("peer-namespace"),
        .addresses = fields.get<Words>("addresses"),
        .peerAddresses = fields.get<Words>("peer-addresses"),
        .routes = fields.get<Words>("routes"),
        .mtu = fields.get<std::uint32_t>("mtu")};
    static_cast<void>(vethOf(link));
    return link;
}

json identityToJson(const LinkIdentity& identity) {
    return {{"kind", identity.kind}, {"parent-device", identity.parentDevice},
        {"permanent-mac", identity.permanentMac}, {"peer-index", identity.peerIndex}};
}

LinkIdentity identityFrom(const json& object) {
    StrictObject fields(object, "identity");
    LinkIdentity identity{fields.get<std::string>("kind"), fields.get<std::string>("parent-device"),
        fields.get<std::string>("permanent-mac"), fields.get<std::uint32_t>("peer-index")};
    fields.finish();
    return identity;
}

BorrowedLink borrowedFrom(StrictObject& fields) {
    BorrowedLink link;
    link.name = fields.get<std::string>("name");
    auto& custody = link.custody;
    custody.tag = fields.get<std::string>("tag");
    custody.name = fields.get<std::string>("home-name");
    custody.homeIndex = fields.get<std::uint32_t>("home-index");
    custody.insideIndex = fields.getIfThere<std::uint32_t>("inside-index").value_or(0);
    custody.identity = identityFrom(fields.at("identity"));
    custody.altNames = fields.get<Words>("alt-names");
    custody.mac = fields.get<std::string>("mac");
    custody.mtu = fields.get<std::uint32_t>("mtu");
    custody.wasUp = fields.get<bool>("was-up");
    custody.master = fields.get<std::string>("master");
    return link;
}

json borrowedToJson(const BorrowedLink& link) {
    const auto& custody = link.custody;
    json object{{"name", link.name}, {"tag", custody.tag}, {"home-name", custody.name},
        {"home-index", custody.homeIndex}, {"identity", identityToJson(custody.identity)},
        {"alt-names", custody.altNames}, {"mac", custody.mac}, {"mtu", custody.mtu},
        {"was-up", custody.wasUp}, {"master", custody.master}};
    if (custody.insideIndex != 0)
        object["inside-index"] = custody.insideIndex;
    return object;
}

UnfinishedVeth unfinishedFrom(StrictObject& fields) {
    return {fields.get<std::string>("name"), fields.get<std::string>("mac")};
}

} // namespace

json linksToJson(const std::vector<LinkRequest>& links) {
    auto list = json::array();
    for (const auto& link : links)
        list.push_back({{"name", link.name}, {"peer", link.peer}, {"peer-namespace", link.peerNamespace},
            {"addresses", link.addresses}, {"peer-addresses", link.peerAddresses}, {"routes", link.routes},
            {"mtu", link.mtu}});
    return list;
}

std::vector<LinkRequest> linksFromJson(const json& list) {
    return listFrom(list, "links", requestFrom);
}

json borrowedToJson(const std::vector<BorrowedLink>& links) {
    auto list = json::array();
    for (const auto& link : links)
        list.push_back(borrowedToJson(link));
    return list;
}

std::vector<BorrowedLink> borrowedFromJson(const json& list) {
    return listFrom(list, "borrowed-links", borrowedFrom);
}

json unfinishedToJson(const std::vector<UnfinishedVeth>& veths) {
    auto list = json::array();
    for (const auto& veth : veths)
        list.push_back({{"name", veth.name}, {"mac", veth.mac}});
    return list;
}

std::vector<UnfinishedVeth> unfinishedFromJson(const json& list) {
    return listFrom(list, "unfinished-veths", unfinishedFrom);
}

} // namespace nsd
