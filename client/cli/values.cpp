// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/values.hpp"

#include "client/cli/arguments.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"

#include <charconv>

namespace nsd::client {
namespace {

std::optional<std::uint32_t> numberOf(std::string_view text) noexcept {
    std::uint32_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [at, problem] = std::from_chars(text.data(), end, number);
    return problem == std::errc() && at == end ? std::optional(number) : std::nullopt;
}

} // namespace

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::uint32_t parseNumber(std::string_view text, std::string_view what) {
    const auto number = numberOf(text);
    if (!number)
        throw UsageError(quoted(text) + " is not a " + std::string(what));
    return *number;
}

NamespaceTypes parseTypes(const std::vector<std::string>& texts) {
    std::vector<std::string> words;
    for (const auto& text : texts)
        for (auto& word : split(text, ','))
            words.push_back(std::move(word));
    if (words == std::vector<std::string>{"all"})
        return NamespaceTypes::all();
    try {
        return namespaceTypesFromWords(words);
    } catch (const Error& error) {
        throw UsageError(error.text());
    }
}

std::pair<std::string, std::string> parseAssignment(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos)
        throw UsageError(quoted(text) + " is not KEY=VALUE");
    return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::map<std::string, std::string> parseAssignments(const std::vector<std::string>& texts) {
    std::map<std::string, std::string> all;
    for (const auto& text : texts) {
        auto [key, value] = parseAssignment(text);
        if (!all.emplace(key, std::move(value)).second)
            throw UsageError("the key " + quoted(key) + " is given twice");
    }
    return all;
}

IdRange parseIdRange(std::string_view text) {
    const auto parts = split(text, ':');
    if (parts.size() == 3) {
        const auto inside = numberOf(parts[0]);
        const auto outside = numberOf(parts[1]);
        const auto count = numberOf(parts[2]);
        if (inside && outside && count)
            return {*inside, *outside, *count};
    }
    throw UsageError(quoted(text) + " is not INSIDE:OUTSIDE:COUNT (three numbers)");
}

std::vector<IdRange> parseIdRanges(const std::vector<std::string>& texts) {
    std::vector<IdRange> ranges;
    ranges.reserve(texts.size());
    for (const auto& text : texts)
        ranges.push_back(parseIdRange(text));
    return ranges;
}

} // namespace nsd::client
