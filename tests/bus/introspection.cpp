// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/introspection.hpp"

#include <optional>
#include <stdexcept>
#include <string_view>

namespace nsd::test {
namespace {

struct Tag {
    std::string name; // "/x" for the end of x
    std::map<std::string, std::string> attributes;
    bool empty = false; // <x/>

    [[nodiscard]] std::string get(const std::string& attribute, const std::string& otherwise = "") const {
        const auto found = attributes.find(attribute);
        return found == attributes.end() ? otherwise : found->second;
    }
};

constexpr std::string_view space = " \t\n\r";

Tag parseTag(std::string_view text) {
    Tag tag;
    if (text.ends_with('/')) {
        tag.empty = true;
        text.remove_suffix(1);
    }
    tag.name = text.substr(0, text.find_first_of(space));
    text.remove_prefix(tag.name.size());
    for (;;) {
        const auto begin = text.find_first_not_of(space);
        if (begin == std::string_view::npos)
            return tag;
        const auto equals = text.find("=\"", begin);
        const auto end = equals == std::string_view::npos ? equals : text.find('"', equals + 2);
        if (end == std::string_view::npos)
            throw std::runtime_error("a tag that cannot be read: " + std::string(text));
        tag.attributes.emplace(text.substr(begin, equals - begin), text.substr(equals + 2, end - equals - 2));
        text.remove_prefix(end + 1);
    }
}

// The tags one after the other, without text, comments and declarations.
class Tags {
  public:
    explicit Tags(std::string_view xml) : rest_(xml) {}

    std::optional<Tag> next() {
        for (;;) {
            const auto begin = rest_.find('<');
            if (begin == std::string_view::npos)
                return std::nullopt;
            rest_.remove_prefix(begin + 1);
            const std::string_view last = rest_.starts_with("!--") ? "-->" : ">";
            const auto end = rest_.find(last);
            if (end == std::string_view::npos)
                throw std::runtime_error("a tag without an end");
            const auto text = rest_.substr(0, end);
            rest_.remove_prefix(end + last.size());
            if (!text.starts_with('!') && !text.starts_with('?'))
                return parseTag(text);
        }
    }

  private:
    std::string_view rest_;
};

bool isMember(const Tag& tag) {
    return tag.name == "method" || tag.name == "signal" || tag.name == "property";
}

} // namespace

Interfaces readIntrospection(const std::string& xml) {
    Interfaces interfaces;
    Members* members = nullptr;
    std::string* member = nullptr;
    bool isSignal = false;
    Tags tags(xml);
    while (const auto tag = tags.next()) {
        if (tag->name == "interface") {
            members = &interfaces[tag->get("name")];
        } else if (isMember(*tag) && members != nullptr) {
            member = &(*members)[tag->name + ' ' + tag->get("name")];
            isSignal = tag->name == "signal";
            if (tag->name == "property")
                *member = tag->get("access") + ' ' + tag->get("type");
        } else if (tag->name == "arg" && member != nullptr) {
            *member += (member->empty() ? "" : ", ") + tag->get("direction", isSignal ? "out" : "in") + ' ' +
                       tag->get("type") + ' ' + tag->get("name");
        }
    }
    return interfaces;
}

} // namespace nsd::test
