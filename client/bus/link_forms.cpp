// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/link_forms.hpp"

#include <utility>

namespace nsd::client {
namespace {

void addTexts(SdMessage& call, const char* key, const std::vector<std::string>& texts) {
    if (!texts.empty())
        call.addOption(key, "as", [&] { call.addStrings(texts); });
}

LinkDetails readOne(SdMessage& answer) {
    LinkDetails link;
    answer.readOptions(SdMessage::Readers{
        {"index", [&] { link.index = answer.readUint32(); }},
        {"name", [&] { link.name = answer.readString(); }},
        {"kind", [&] { link.kind = answer.readString(); }},
        {"state", [&] { link.state = answer.readString(); }},
        {"mtu", [&] { link.mtu = answer.readUint32(); }},
        {"mac", [&] { link.mac = answer.readString(); }},
        {"master", [&] { link.master = answer.readString(); }},
        {"addresses", [&] { link.addresses = answer.readStrings(); }},
        {"home", [&] { link.home = answer.readString(); }},
    });
    return link;
}

} // namespace

void writeLink(SdMessage& call, const LinkRequest& link) {
    call.addOptions([&] {
        call.addOption("name", link.name);
        call.addOption("peer", link.peer);
        call.addOption("peer-namespace", link.peerNamespace);
        addTexts(call, "addresses", link.addresses);
        addTexts(call, "peer-addresses", link.peerAddresses);
        addTexts(call, "routes", link.routes);
        if (link.mtu != 0)
            call.addOption("mtu", "u", [&] { call.addUint32(link.mtu); });
    });
}

void writeLinks(SdMessage& call, const std::vector<LinkRequest>& links) {
    call.add('a', "a{sv}", [&] {
        for (const auto& link : links)
            writeLink(call, link);
    });
}

void writeLinkName(SdMessage& call, const std::string& name) {
    call.addOptions([&] { call.addOption("name", name); });
}

std::vector<LinkDetails> readLinkDetails(SdMessage& answer) {
    std::vector<LinkDetails> links;
    answer.readArray("a{sv}", [&] { links.push_back(readOne(answer)); });
    return links;
}

} // namespace nsd::client
