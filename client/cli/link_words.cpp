// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/link_words.hpp"

#include "client/cli/arguments.hpp"
#include "client/cli/values.hpp"
#include "common/quote.hpp"

#include <utility>

namespace nsd::client {
namespace {

// NAME[:PEER[@NAMESPACE]]
LinkRequest parseEnds(const std::string& text) {
    const auto colon = text.find(':');
    LinkRequest link{.name = text.substr(0, colon)};
    if (link.name.empty() || link.name.find('@') != std::string::npos)
        throw UsageError(quoted(text) + " is not " + vethForm);
    if (colon == std::string::npos)
        return link;
    const auto at = text.find('@', colon);
    link.peer = text.substr(colon + 1, at == std::string::npos ? at : at - colon - 1);
    if (at != std::string::npos)
        link.peerNamespace = text.substr(at + 1);
    if (at == std::string::npos ? link.peer.empty() : link.peerNamespace.empty())
        throw UsageError(quoted(text) + " is not " + vethForm);
    return link;
}

void takePart(LinkRequest& link, std::string_view part) {
    auto [key, value] = parseAssignment(part);
    if (key == "addr")
        link.addresses.push_back(std::move(value));
    else if (key == "peer-addr")
        link.peerAddresses.push_back(std::move(value));
    else if (key == "route")
        link.routes.push_back(std::move(value));
    else if (key == "mtu")
        link.mtu = parseNumber(value, "mtu");
    else
        throw UsageError("a link has no " + quoted(key) + "; it has addr, peer-addr, route and mtu");
}

} // namespace

LinkRequest parseVeth(std::string_view text) {
    const auto parts = split(text, ',');
    auto link = parseEnds(parts.front());
    for (std::size_t i = 1; i < parts.size(); ++i)
        takePart(link, parts[i]);
    return link;
}

std::vector<LinkRequest> parseVeths(const std::vector<std::string>& texts) {
    std::vector<LinkRequest> links;
    links.reserve(texts.size());
    for (const auto& text : texts)
        links.push_back(parseVeth(text));
    return links;
}

} // namespace nsd::client
