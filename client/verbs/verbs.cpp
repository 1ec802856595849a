// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/verb.hpp"

#include <array>

namespace nsd::client {
namespace {

constexpr std::array verbs{&createVerb, &listVerb, &showVerb, &execVerb, &shellVerb, &identifyVerb,
    &renameVerb, &labelVerb, &whyVerb, &destroyVerb, &statusVerb, &versionVerb, &helpVerb};

} // namespace

std::span<const Verb* const> allVerbs() noexcept {
    return verbs;
}

const Verb* findVerb(std::string_view word) noexcept {
    for (const auto* verb : verbs)
        if (word == verb->name || (verb->alias != nullptr && word == verb->alias))
            return verb;
    return nullptr;
}

} // namespace nsd::client
