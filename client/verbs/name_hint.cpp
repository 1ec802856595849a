// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/name_hint.hpp"

#include "client/cli/similar_word.hpp"
#include "common/quote.hpp"

#include <string_view>
#include <vector>

namespace nsd::client {
namespace {

// The name in: there is no namespace "webb"…
std::string_view missingName(std::string_view text) noexcept {
    constexpr std::string_view beginning = "there is no namespace \"";
    if (!text.starts_with(beginning))
        return {};
    text.remove_prefix(beginning.size());
    return text.substr(0, text.find('"'));
}

} // namespace

std::string textWithHint(Client& client, const Error& error) {
    auto text = error.text();
    const auto missing = missingName(text);
    if (error.code() != Errc::NoSuchNamespace || missing.empty())
        return text;
    try {
        const auto rows = client.list({});
        std::vector<std::string_view> names;
        names.reserve(rows.size());
        for (const auto& row : rows)
            names.emplace_back(row.name);
        if (const auto meant = similarWord(missing, names); !meant.empty())
            return text + "; did you mean " + quoted(meant) + "?";
    } catch (const std::exception&) { // the first error is what there is to say
    }
    return text;
}

} // namespace nsd::client
