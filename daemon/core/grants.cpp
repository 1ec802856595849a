// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/grants.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace nsd {
namespace {

constexpr std::string_view user = "user";
constexpr std::string_view group = "group";

[[noreturn]] void complain(const std::string& why) {
    throw Error(Errc::InvalidArgument, why);
}

std::string grantableWords() {
    std::string words;
    for (const auto& rule : rightRules())
        if (rule.grantable)
            words.append(words.empty() ? "" : ", ").append(rule.word);
    return words;
}

void checkWord(const std::string& word) {
    const auto right = rightFromWord(word);
    if (!right)
        complain(quoted(word) + " is not a right; those that can be granted are " + grantableWords());
    if (!ruleOf(*right).grantable)
        complain(
            "the right " + quoted(word) + " cannot be granted; those that can be are " + grantableWords());
}

bool before(const Grant& a, const Grant& b) noexcept {
    return std::tie(a.group, a.id) < std::tie(b.group, b.id);
}

// Where the grantee's entry is or would be.
std::vector<Grant>::iterator placeOf(std::vector<Grant>& grants, const Grant& grant) {
    return std::lower_bound(grants.begin(), grants.end(), grant, before);
}

bool isThere(const std::vector<Grant>& grants, std::vector<Grant>::const_iterator place, const Grant& grant) {
    return place != grants.end() && !before(grant, *place);
}

} // namespace

Grant makeGrant(std::string_view kind, std::uint32_t id, std::vector<std::string> rights) {
    if (kind != user && kind != group)
        complain(quoted(kind) + " is neither \"user\" nor \"group\"");
    if (isNobody(id))
        complain(std::string(kind) + ' ' + std::to_string(id) + " is nobody, and nobody is given a right");
    if (rights.empty())
        complain("no right was named; those that can be granted are " + grantableWords());
    for (const auto& word : rights)
        checkWord(word);
    std::sort(rights.begin(), rights.end());
    rights.erase(std::unique(rights.begin(), rights.end()), rights.end());
    return {kind == group, id, std::move(rights)};
}

std::vector<Grant> withGrant(std::vector<Grant> grants, const Grant& more) {
    const auto place = placeOf(grants, more);
    if (!isThere(grants, place, more)) {
        if (grants.size() >= maxGrants)
            throw Error(Errc::LimitExceeded, "a namespace can be granted to at most " +
                                                 std::to_string(maxGrants) +
                                                 " users and groups, and this one is; grant to a group");
        grants.insert(place, more);
        return grants;
    }
    std::vector<std::string> merged;
    std::set_union(place->rights.begin(), place->rights.end(), more.rights.begin(), more.rights.end(),
        std::back_inserter(merged));
    place->rights = std::move(merged);
    return grants;
}

std::vector<Grant> withoutGrant(std::vector<Grant> grants, const Grant& less) {
    const auto place = placeOf(grants, less);
    if (!isThere(grants, place, less))
        return grants;
    std::vector<std::string> left;
    std::set_difference(place->rights.begin(), place->rights.end(), less.rights.begin(), less.rights.end(),
        std::back_inserter(left));
    if (left.empty())
        grants.erase(place);
    else
        place->rights = std::move(left);
    return grants;
}

void validateGrants(const std::vector<Grant>& grants) {
    if (grants.size() > maxGrants)
        complain("there are " + std::to_string(grants.size()) + " grants; at most " +
                 std::to_string(maxGrants) + " are allowed");
    for (const auto& grant : grants)
        if (makeGrant(grant.group ? group : user, grant.id, grant.rights) != grant)
            complain("the rights of a grant are not in order");
    const auto disorder = std::adjacent_find(
        grants.begin(), grants.end(), [](const Grant& a, const Grant& b) { return !before(a, b); });
    if (disorder != grants.end())
        complain("the grants are not in order");
}

bool gives(const Grant& grant, Right right) noexcept {
    const auto& rule = ruleOf(right);
    return rule.grantable &&
           std::find(grant.rights.begin(), grant.rights.end(), rule.word) != grant.rights.end();
}

std::string groundOf(const Grant& grant) {
    return std::string(grant.group ? group : user) + ':' + std::to_string(grant.id);
}

bool isRevoked(std::string_view ground, const std::vector<Grant>& grants, Right right) {
    if (ground.find(':') == std::string_view::npos)
        return false;
    return std::none_of(grants.begin(), grants.end(),
        [&](const Grant& grant) { return gives(grant, right) && groundOf(grant) == ground; });
}

} // namespace nsd
