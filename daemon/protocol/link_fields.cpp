// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/protocol/link_fields.hpp"

#include "daemon/protocol/json_fields.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nsd::protocol {
namespace {

using Words = std::vector<std::string>;

Words textsOf(const auto& items) {
    Words words;
    for (const auto& item : items)
        words.push_back(item.str());
    return words;
}

std::string textAt(const Json& json, const char* key) {
    return json.at(key).get<std::string>();
}

std::uint32_t numberAt(const Json& json, const char* key) {
    return toInteger<std::uint32_t>(json.at(key));
}

template <class Parse>
auto parsedAt(const Json& json, const char* key, Parse parse) {
    return toList(json.at(key), [&](const Json& item) { return parse(item.get<std::string>()); });
}

Json toJson(const LinkIdentity& identity) {
    return {{"kind", identity.kind}, {"parentDevice", identity.parentDevice},
        {"permanentMac", identity.permanentMac}, {"peerIndex", identity.peerIndex}};
}

LinkIdentity toLinkIdentity(const Json& json) {
    return {textAt(json, "kind"), textAt(json, "parentDevice"), textAt(json, "permanentMac"),
        numberAt(json, "peerIndex")};
}

Json toJson(const VethEnd& end) {
    return {{"name", end.name.str()}, {"mac", end.mac}, {"addresses", textsOf(end.addresses)},
        {"routes", textsOf(end.routes)}};
}

Json toJson(const LinkState& link) {
    Json json{{"index", link.index}, {"name", link.name}, {"altNames", link.altNames},
        {"identity", toJson(link.identity)}, {"isLoopback", link.isLoopback},
        {"isImmutable", link.isImmutable}, {"mac", link.mac}, {"mtu", link.mtu}, {"isUp", link.isUp},
        {"operState", link.operState}, {"master", link.master}, {"addresses", link.addresses}};
    if (link.peerNsid)
        json["peerNsid"] = *link.peerNsid;
    return json;
}

VethEnd toVethEnd(const Json& json) {
    return {LinkName(textAt(json, "name")), textAt(json, "mac"),
        parsedAt(json, "addresses", IpPrefix::parseOfLink), parsedAt(json, "routes", RouteSpec::parse)};
}

} // namespace

Json toJson(const std::vector<LinkState>& links) {
    Json list = Json::array();
    for (const auto& link : links)
        list.push_back(toJson(link));
    return list;
}

LinkState toLinkState(const Json& json) {
    LinkState link;
    link.index = numberAt(json, "index");
    link.name = textAt(json, "name");
    link.altNames = json.at("altNames").get<Words>();
    link.identity = toLinkIdentity(json.at("identity"));
    if (const auto found = json.find("peerNsid"); found != json.end())
        link.peerNsid = toInteger<std::int32_t>(*found);
    link.isLoopback = json.at("isLoopback").get<bool>();
    link.isImmutable = json.at("isImmutable").get<bool>();
    link.mac = textAt(json, "mac");
    link.mtu = numberAt(json, "mtu");
    link.isUp = json.at("isUp").get<bool>();
    link.operState = textAt(json, "operState");
    link.master = textAt(json, "master");
    link.addresses = json.at("addresses").get<Words>();
    return link;
}

Json toJson(const LinkCustody& custody) {
    return {{"tag", custody.tag}, {"name", custody.name}, {"homeIndex", custody.homeIndex},
        {"insideIndex", custody.insideIndex}, {"identity", toJson(custody.identity)},
        {"altNames", custody.altNames}, {"mac", custody.mac}, {"mtu", custody.mtu}, {"wasUp", custody.wasUp},
        {"master", custody.master}};
}

LinkCustody toLinkCustody(const Json& json) {
    LinkCustody custody;
    custody.tag = textAt(json, "tag");
    custody.name = textAt(json, "name");
    custody.homeIndex = numberAt(json, "homeIndex");
    custody.insideIndex = numberAt(json, "insideIndex");
    custody.identity = toLinkIdentity(json.at("identity"));
    custody.altNames = json.at("altNames").get<Words>();
    custody.mac = textAt(json, "mac");
    custody.mtu = numberAt(json, "mtu");
    custody.wasUp = json.at("wasUp").get<bool>();
    custody.master = textAt(json, "master");
    return custody;
}

Json toJson(const MovedLink& link) {
    return {{"index", link.index}, {"name", link.name}};
}

MovedLink toMovedLink(const Json& json) {
    return {numberAt(json, "index"), textAt(json, "name")};
}

Json toJson(const ReturnedLink& link) {
    return {{"isHome", link.end == ReturnedLink::End::Home}, {"name", link.name}, {"remarks", link.remarks}};
}

ReturnedLink toReturnedLink(const Json& json) {
    return {json.at("isHome").get<bool>() ? ReturnedLink::End::Home : ReturnedLink::End::Gone,
        textAt(json, "name"), json.at("remarks").get<Words>()};
}

Json toJson(const VethSpec& veth) {
    Json json{{"inside", toJson(veth.inside)}, {"peer", toJson(veth.peer)}};
    if (veth.mtu)
        json["mtu"] = *veth.mtu;
    return json;
}

VethSpec toVethSpec(const Json& json) {
    VethSpec veth{toVethEnd(json.at("inside")), toVethEnd(json.at("peer"))};
    if (const auto found = json.find("mtu"); found != json.end())
        veth.mtu = toInteger<std::uint32_t>(*found);
    return veth;
}

} // namespace nsd::protocol
