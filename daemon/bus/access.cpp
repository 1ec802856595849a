// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/access.hpp"

#include "common/quote.hpp"
#include "daemon/core/decision.hpp"
#include "daemon/core/went_away.hpp"

#include <string>
#include <utility>
#include <variant>

namespace nsd::bus {
namespace {

bool isMade(Right right) {
    return right == Right::Create || right == Right::CreateRootless;
}

} // namespace

void Access::check(const Call& call, std::optional<Uuid> target, CallerAnswer verdict) {
    if (call.rule == nullptr)
        throw Error(Errc::AccessDenied, "nobody may call " + quoted(call.method));
    callers_.ask(call.sender, [this, call, target, verdict = std::move(verdict)](Outcome<Caller> known) {
        const auto* const record = target ? namespaces_.findByUuid(*target) : nullptr;
        Matter matter{*call.rule, {}, target, record != nullptr ? record->name.str() : call.name, call.types,
            call.owner, verdict, call.share};
        matter.caller.busName = call.sender;
        if (!known.ok())
            return refuse(matter, known.error());
        matter.caller = std::move(known).value();
        matter.caller.interactive = call.interactive;
        try {
            takeTurn(matter);
        } catch (const Error& error) {
            verdict(error); // no decision on a right
            return;
        }
        judge(std::move(matter), record);
    });
}

void Access::takeTurn(Matter& matter) {
    *matter.share = quotas_.take(matter.caller.uid, Quota::Calls);
    if (!matter.rule.changesState)
        return;
    quotas_.spend(matter.caller.uid);
    matter.paid = true;
}

void Access::judge(Matter matter, const NamespaceRecord* record) {
    if (matter.target && record == nullptr) {
        matter.verdict(wentAway());
        return;
    }
    const auto decision = decide(matter.rule, matter.caller, record, matter.owner);
    if (const auto* yes = std::get_if<Allow>(&decision))
        allow(std::move(matter), yes->ground);
    else if (const auto* no = std::get_if<Refuse>(&decision))
        refuse(matter, Error(Errc::AccessDenied, no->why));
    else
        askAuthority(matter, record);
}

void Access::askAuthority(const Matter& matter, const NamespaceRecord* record) {
    AuthorizationRequest request{.caller = matter.caller,
        .right = matter.rule.right,
        .action = std::string(matter.rule.action),
        .name = matter.name,
        .uuid = {},
        .owner = matter.owner,
        .types = matter.types};
    if (record != nullptr) {
        request.uuid = record->uuid.str();
        request.owner = record->owner;
        request.types = toWords(record->types());
    } else if (isMade(matter.rule.right)) {
        request.owner = matter.caller.uid; // only root makes one for somebody else, and is not asked about
    }
    // Somebody thinks about it, which is not the caller's doing.
    matter.share->giveBack();
    authority_.ask(request, [this, matter](const Outcome<Done>& allowed) {
        *matter.share = quotas_.count(matter.caller.uid, Quota::Calls);
        if (!allowed.ok())
            refuse(matter, allowed.error());
        else if (matter.target && namespaces_.findByUuid(*matter.target) == nullptr)
            refuse(
                matter, Error(Errc::AccessDenied, "the namespace that was called " + quoted(matter.name) +
                                                      " went away while it was being decided on this call"));
        else
            allow(matter, "polkit");
    });
}

void Access::allow(Matter matter, std::string ground) {
    matter.caller.ground = std::move(ground);
    if (matter.rule.right != Right::View)
        writeDown(matter, true, matter.caller.ground);
    matter.verdict(matter.caller);
}

void Access::refuse(const Matter& matter, const Error& why) {
    writeDown(matter, false, why.text());
    matter.verdict(why);
}

void Access::writeDown(const Matter& matter, bool allowed, std::string why) {
    const auto uid = matter.caller.uid;
    if (!matter.paid && !quotas_.mayWriteDown(uid)) {
        ++notWritten_[uid];
        return;
    }
    const auto left = notWritten_.extract(uid);
    audit_.record({.caller = matter.caller,
        .right = matter.rule.right,
        .method = std::string(matter.rule.method),
        .name = matter.name,
        .uuid = matter.target ? matter.target->str() : "",
        .allowed = allowed,
        .why = std::move(why),
        .notWritten = left ? left.mapped() : 0});
}

} // namespace nsd::bus
