// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/access.hpp"

#include "common/quote.hpp"

#include <string>
#include <utility>

namespace nsd::bus {
namespace {

constexpr uid_t root = 0;

} // namespace

void Access::check(const Call& call, std::optional<Uuid> target, CallerAnswer verdict) {
    if (call.rule == nullptr)
        throw Error(Errc::AccessDenied, "nobody may call " + quoted(call.method));
    callers_.ask(call.sender, [this, rule = call.rule, interactive = call.interactive, target,
                                  verdict = std::move(verdict)](Outcome<Caller> known) {
        if (!known.ok()) {
            verdict(std::move(known));
            return;
        }
        auto& caller = known.value();
        caller.interactive = interactive;
        decide(*rule, caller, target, verdict);
    });
}

void Access::decide(
    const MethodRule& rule, const Caller& caller, std::optional<Uuid> target, const CallerAnswer& verdict) {
    const auto* const record = target ? namespaces_.findByUuid(*target) : nullptr;
    if (target && record == nullptr)
        verdict(Error(Errc::NoSuchNamespace, "the namespace went away while this call was under way"));
    else if (rule.right == Right::View || caller.uid == root)
        verdict(caller);
    else if (rule.action.empty())
        verdict(Error(Errc::AccessDenied, std::string(rule.method) + " is for root alone, and uid " +
                                              std::to_string(caller.uid) + " called it"));
    else
        askAuthority(rule, caller, record, verdict);
}

void Access::askAuthority(const MethodRule& rule, const Caller& caller, const NamespaceRecord* record,
    const CallerAnswer& verdict) {
    AuthorizationRequest request{
        .caller = caller, .right = rule.right, .name = {}, .uuid = {}, .owner = std::nullopt, .types = {}};
    std::optional<Uuid> target;
    if (record != nullptr) {
        target = record->uuid;
        request.name = record->name.str();
        request.uuid = record->uuid.str();
        request.owner = record->owner;
        request.types = toWords(record->types());
    }
    authority_.ask(request, [this, caller, target, name = request.name, verdict](Outcome<Done> allowed) {
        if (!allowed.ok())
            verdict(allowed.error());
        else if (target && namespaces_.findByUuid(*target) == nullptr)
            verdict(Error(Errc::AccessDenied, "the namespace that was called " + quoted(name) +
                                                  " went away while it was being decided on this call"));
        else
            verdict(caller);
    });
}

} // namespace nsd::bus
