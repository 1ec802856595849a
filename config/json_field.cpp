// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/json_field.hpp"

#include "config/json_document.hpp"

#include <utility>

namespace nsd {
namespace {

// As it stands in the file, in ASCII, so that it can be cut anywhere.
std::string shown(const nlohmann::json& value) {
    constexpr std::size_t most = 60;
    if (value.is_structured())
        return std::string("an ") + value.type_name();
    auto text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    if (text.size() > most)
        text.replace(most, text.npos, "…");
    return text;
}

} // namespace

void JsonField::wrong(const std::string& expected) const {
    complain(Problem::Severity::Error, "must be " + expected + ", not " + shown(value));
}

void JsonField::complain(Problem::Severity severity, std::string text) const {
    problems.push_back({severity, pointer, std::move(text)});
}

JsonField JsonField::child(const std::string& key, const nlohmann::json& childValue) const {
    return {childValue, problems, pointerTo(pointer, key)};
}

std::optional<std::string> JsonField::text() const {
    if (value.is_string() && !value.get_ref<const std::string&>().empty())
        return value.get_ref<const std::string&>();
    wrong("a text that is not empty");
    return std::nullopt;
}

std::optional<bool> JsonField::flag() const {
    if (value.is_boolean())
        return value.get<bool>();
    wrong("true or false");
    return std::nullopt;
}

std::optional<std::int64_t> JsonField::number() const {
    // A positive number is unsigned to the parser; it must fit all the same.
    const bool fits = !value.is_number_unsigned() || std::in_range<std::int64_t>(value.get<std::uint64_t>());
    if (value.is_number_integer() && fits)
        return value.get<std::int64_t>();
    wrong("a whole number of 64 bits");
    return std::nullopt;
}

std::optional<std::uint32_t> JsonField::id() const {
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= most)
        return value.get<std::uint32_t>();
    wrong("a whole number from 0 to 4294967295");
    return std::nullopt;
}

std::optional<std::map<std::string, std::string>> JsonField::texts() const {
    if (!value.is_object()) {
        wrong("an object: { … }");
        return std::nullopt;
    }
    std::map<std::string, std::string> found;
    for (const auto& [key, element] : value.items()) {
        if (element.is_string())
            found.emplace(key, element.get_ref<const std::string&>());
        else
            child(key, element).wrong("a text");
    }
    return found;
}

} // namespace nsd
