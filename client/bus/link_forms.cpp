// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/link_forms.hpp"

#include <functional>
#include <map>
#include <utility>

namespace nsd::client {
namespace {

void addText(SdMessage& call, const char* key, const std::string& text) {
    if (!text.empty())
        call.addOption(key, "s", [&] { call.addString(text); });
}

void addTexts(SdMessage& call, const char* key, const std::vector<std::string>& texts) {
    if (!texts.empty())
        call.addOption(key, "as", [&] { call.addStrings(texts); });
}

LinkDetails readOne(SdMessage& answer) {
    LinkDetails link;
    const std::map<std::string, std::function<void()>> readers{
        {"index", [&] { link.index = answer.readUint32(); }},
        {"name", [&] { link.name = answer.readString(); }},
        {"kind", [&] { link.kind = answer.readString(); }},
        {"state", [&] { link.state = answer.readString(); }},
        {"mtu", [&] { link.mtu = answer.readUint32(); }},
        {"mac", [&] { link.mac = answer.readString(); }},
        {"master", [&] { link.master = answer.readString(); }},
        {"addresses", [&] { link.addresses = answer.readStrings(); }},
        {"home", [&] { link.home = answer.readString(); }},
    };
    answer.readOptions([&](const std::string& key) {
        const auto reader = readers.find(key);
        if (reader == readers.end())
            return false;
        reader->second();
        return true;
    });
    return link;
}

} // namespace

void writeLink(SdMessage& call, const LinkRequest& link) {
    call.addOptions([&] {
        addText(call, "name", link.name);
        addText(call, "peer", link.peer);
        addText(call, "peer-namespace", link.peerNamespace);
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
    call.addOptions([&] { addText(call, "name", name); });
}

std::vector<LinkDetails> readLinkDetails(SdMessage& answer) {
    std::vector<LinkDetails> links;
    answer.readArray("a{sv}", [&] { links.push_back(readOne(answer)); });
    return links;
}

} // namespace nsd::client
