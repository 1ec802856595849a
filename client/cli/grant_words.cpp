// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/grant_words.hpp"

#include "client/cli/users.hpp"
#include "client/cli/values.hpp"
#include "common/quote.hpp"

namespace nsd::client {
namespace {

Grant parseGrantee(std::string_view word) {
    const auto colon = word.find(':');
    const auto kind = word.substr(0, colon);
    if (colon == std::string_view::npos || colon + 1 == word.size() || (kind != "user" && kind != "group"))
        throw UsageError(quoted(word) + " is neither user:USER nor group:GROUP");
    const auto who = word.substr(colon + 1);
    return {std::string(kind), kind == "user" ? userId(who) : groupId(who), {}};
}

} // namespace

Grant parseGrant(const std::vector<std::string>& words) {
    auto grant = parseGrantee(words.front());
    for (std::size_t i = 1; i < words.size(); ++i)
        for (auto& right : split(words[i], ',')) {
            if (right.empty())
                throw UsageError(quoted(words[i]) + " has an empty right in it");
            grant.rights.push_back(std::move(right));
        }
    return grant;
}

} // namespace nsd::client
