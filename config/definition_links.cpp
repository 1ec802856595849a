// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/definition_links.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nsd {
namespace {

void readKind(const JsonField& field, LinkRequest& /*link*/) {
    if (const auto kind = field.text(); kind && *kind != "veth")
        field.wrong("\"veth\", which is the one kind that nsd makes");
}

template <std::string LinkRequest::*Member>
void readText(const JsonField& field, LinkRequest& link) {
    link.*Member = field.text().value_or("");
}

template <std::vector<std::string> LinkRequest::*Member>
void readTexts(const JsonField& field, LinkRequest& link) {
    if (!field.value.is_array())
        return field.wrong("a list of texts");
    for (std::size_t i = 0; i < field.value.size(); ++i)
        if (auto text = field.child(std::to_string(i), field.value[i]).text())
            (link.*Member).push_back(*std::move(text));
}

void readMtu(const JsonField& field, LinkRequest& link) {
    const auto mtu = field.id();
    if (mtu == 0U)
        return field.wrong("more than 0");
    link.mtu = mtu.value_or(0);
}

struct Row {
    std::string_view key;
    void (*read)(const JsonField& field, LinkRequest& link);
};

constexpr std::array rows{
    Row{"kind", readKind},
    Row{"name", readText<&LinkRequest::name>},
    Row{"peer", readText<&LinkRequest::peer>},
    Row{"peer-namespace", readText<&LinkRequest::peerNamespace>},
    Row{"addresses", readTexts<&LinkRequest::addresses>},
    Row{"peer-addresses", readTexts<&LinkRequest::peerAddresses>},
    Row{"routes", readTexts<&LinkRequest::routes>},
    Row{"mtu", readMtu},
};

std::optional<LinkRequest> linkOf(const JsonField& field) {
    if (!field.value.is_object() || !field.value.contains("name")) {
        field.wrong("{\"name\": …, …}");
        return std::nullopt;
    }
    LinkRequest link;
    for (const auto& [key, value] : field.value.items()) {
        const auto* const row = std::find_if(
            rows.begin(), rows.end(), [&, &k = key](const Row& candidate) { return candidate.key == k; });
        if (row == rows.end())
            field.child(key, value).complain(Problem::Severity::Warning, "is no key of a link");
        else
            row->read(field.child(key, value), link);
    }
    return link;
}

} // namespace

std::vector<LinkRequest> linksOf(const JsonField& field) {
    std::vector<LinkRequest> links;
    if (!field.value.is_array() || field.value.empty()) {
        field.wrong("a list with a link in it: [{\"name\": …}, …]");
        return links;
    }
    for (std::size_t i = 0; i < field.value.size(); ++i)
        if (auto link = linkOf(field.child(std::to_string(i), field.value[i])))
            links.push_back(*std::move(link));
    return links;
}

} // namespace nsd
