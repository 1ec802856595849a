// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/decision.hpp"

#include "daemon/core/grants.hpp"

#include <algorithm>

namespace nsd {
namespace {

constexpr uid_t root = 0;

bool ownerHas(Owners owners, uid_t caller, const NamespaceRecord* record, std::optional<uid_t> owner) {
    if (owners == Owners::None)
        return false;
    if (record == nullptr)
        return owners == Owners::All && owner == caller;
    return record->owner == caller && (owners == Owners::All || record->userNamespaceOwner == caller);
}

bool isFor(const Grant& grant, const Caller& caller) {
    if (isNobody(grant.id))
        return false;
    if (!grant.group)
        return grant.id == caller.uid;
    return std::find(caller.groups.begin(), caller.groups.end(), grant.id) != caller.groups.end();
}

const Grant* grantOf(Right right, const Caller& caller, const NamespaceRecord* record) {
    if (record == nullptr)
        return nullptr;
    const auto found = std::find_if(record->grants.begin(), record->grants.end(),
        [&](const Grant& grant) { return isFor(grant, caller) && gives(grant, right); });
    return found == record->grants.end() ? nullptr : &*found;
}

std::string whyNot(const MethodRule& rule, const Caller& caller, bool ownersHave) {
    return std::string(rule.method) + " is for root" + (ownersHave ? " and the owner" : " alone") +
           ", and uid " + std::to_string(caller.uid) + " called it";
}

} // namespace

Decision decide(
    const MethodRule& rule, const Caller& caller, const NamespaceRecord* record, std::optional<uid_t> owner) {
    if (caller.uid == root)
        return Allow{"root"};
    if (rule.everybodys)
        return Allow{"everybody"};
    const auto owners = ruleOf(rule.right).owners;
    if (!isNobody(caller.uid)) {
        if (ownerHas(owners, caller.uid, record, owner))
            return Allow{"owner"};
        if (const auto* grant = grantOf(rule.right, caller, record))
            return Allow{groundOf(*grant)};
    }
    if (!rule.action.empty())
        return Ask{rule.action};
    return Refuse{whyNot(rule, caller, owners != Owners::None)};
}

} // namespace nsd
