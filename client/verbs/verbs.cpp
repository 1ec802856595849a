// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/verb.hpp"

#include "client/cli/similar_word.hpp"
#include "common/quote.hpp"

#include <array>
#include <string>
#include <vector>

namespace nsd::client {
namespace {

constexpr std::array verbs{&createVerb, &listVerb, &showVerb, &execVerb, &shellVerb, &runVerb, &identifyVerb,
    &renameVerb, &labelVerb, &whyVerb, &psVerb, &topVerb, &destroyVerb, &holdVerb, &grantVerb, &revokeVerb,
    &adoptVerb, &importVerb, &socketVerb, &forwardVerb, &linkVerb, &unitVerb, &applyVerb, &exportVerb,
    &monitorVerb, &waitVerb, &ociVerb, &statusVerb, &versionVerb, &helpVerb};

} // namespace

std::span<const Verb* const> allVerbs() noexcept {
    return verbs;
}

const Verb& findVerb(std::string_view word) {
    std::vector<std::string_view> names;
    for (const auto* verb : verbs) {
        if (word == verb->name || (verb->alias != nullptr && word == verb->alias))
            return *verb;
        names.emplace_back(verb->name);
    }
    std::string text = "there is no verb " + quoted(word);
    if (const auto meant = similarWord(word, names); !meant.empty())
        text.append(", is it ").append(meant).append("?");
    throw UsageError(text);
}

} // namespace nsd::client
