// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/link_rules.hpp"

#include "common/error.hpp"
#include "common/mac_address.hpp"
#include "common/name.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace nsd {
namespace {

constexpr std::size_t maxLinks = 64;
constexpr std::size_t maxEntries = 64; // addresses or routes of one end

[[noreturn]] void complain(const std::string& why) {
    throw Error(Errc::InvalidArgument, why);
}

void checkCount(std::string_view what, std::size_t count, std::size_t most) {
    if (count > most)
        complain(std::string(what) + " are " + std::to_string(count) + "; at most " + std::to_string(most) +
                 " are allowed");
}

template <class T>
std::vector<T> parsed(
    std::string_view what, const std::vector<std::string>& texts, T (*parse)(std::string_view)) {
    checkCount(what, texts.size(), maxEntries);
    std::vector<T> values;
    for (const auto& text : texts) {
        auto value = parse(text);
        if (std::find(values.begin(), values.end(), value) != values.end())
            complain(std::string(what) + " have " + quoted(text) + " twice");
        values.push_back(std::move(value));
    }
    return values;
}

// On the host, where many others' links are, a name that nobody else has.
std::string peerNameOf(const LinkRequest& link, const std::string& mac) {
    if (!link.peer.empty())
        return link.peer;
    if (!link.peerNamespace.empty())
        return link.name;
    auto digits = mac.substr(mac.find(':'));
    std::erase(digits, ':');
    return "veth" + digits;
}

} // namespace

VethSpec vethOf(const LinkRequest& link) {
    if (link.name.empty())
        complain("a link needs a name");
    if (!link.peerNamespace.empty())
        static_cast<void>(Name(link.peerNamespace));
    const auto peerMac = randomMac();
    VethSpec veth{.inside = {.name = LinkName(link.name), .mac = randomMac()},
        .peer = {.name = LinkName(peerNameOf(link, peerMac)), .mac = peerMac}};
    veth.inside.addresses = parsed("addresses", link.addresses, IpPrefix::parseOfLink);
    veth.inside.routes = parsed("routes", link.routes, RouteSpec::parse);
    veth.peer.addresses = parsed("peer-addresses", link.peerAddresses, IpPrefix::parseOfLink);
    if (link.mtu != 0) {
        checkVethMtu(link.mtu);
        veth.mtu = link.mtu;
    }
    return veth;
}

void validateLinks(const std::vector<LinkRequest>& links, NamespaceTypes types, const std::string& name) {
    if (links.empty())
        return;
    if (!types.contains(NamespaceType::Net))
        complain("links needs type net");
    checkCount("links", links.size(), maxLinks);
    std::set<std::string> names{"lo"};
    std::set<std::pair<std::string, std::string>> peers;
    for (const auto& link : links) {
        static_cast<void>(vethOf(link));
        if (link.peerNamespace == name)
            complain("the other end of link " + quoted(link.name) + " cannot be in the same namespace");
        if (!names.insert(link.name).second)
            complain("two links have the name " + quoted(link.name));
        if (!link.peer.empty() && !peers.emplace(link.peerNamespace, link.peer).second)
            complain("two links have the peer " + quoted(link.peer));
    }
}

} // namespace nsd
