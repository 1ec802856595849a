// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/polkit_authority.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/bus/refusal.hpp"
#include "daemon/bus/reply.hpp"
#include "dbus/compat.hpp"
#include "dbus/names.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace nsd::bus {
namespace {

using Details = std::map<std::string, std::string>;
using Subject = sdbus::Struct<std::string, std::map<std::string, sdbus::Variant>>;

constexpr std::uint32_t allowUserInteraction = 1;
// Questions end by polkit's answer, or by the end of polkit, which the bus reports: what nobody waits
// for any more must still be counted.
constexpr auto noTimeout = std::chrono::microseconds::max();

constexpr std::string_view callerLeft = "the caller left before polkit had answered";

std::string cancellationId(std::uint64_t id) {
    return "nsd-" + std::to_string(id);
}

// The unique name, never a process: the bus knows whose it is, and it is never given to another.
Subject subjectOf(const Caller& caller) {
    return Subject{"system-bus-name", {{"name", sdbus::Variant(caller.busName)}}};
}

// What rules may look at, and what $(namespace) in the messages of the policy file stands for.
Details detailsOf(const AuthorizationRequest& request) {
    Details details{{"namespace", request.name}, {"right", std::string(toWord(request.right))}};
    if (request.owner)
        details["owner"] = std::to_string(*request.owner);
    std::string types;
    for (const auto& type : request.types)
        types += (types.empty() ? "" : " ") + type;
    details["types"] = types;
    return details;
}

// polkit's answer; whatever is not a clear yes, an Error.
Outcome<Done> readAnswer(const AuthorizationRequest& request, sdbus::MethodReply& reply) {
    if (!dbus::hasSignature(reply, "(bba{ss})"))
        return refusal(request, "polkit's answer cannot be understood");
    sdbus::Struct<bool, bool, Details> answer;
    reply >> answer;
    const std::tuple<bool, bool, Details>& fields = answer;
    const auto& [authorized, challenge, details] = fields;
    if (authorized)
        return Done{};
    if (challenge)
        return Error(Errc::InteractiveAuthorizationRequired,
            refusal(request, "polkit wants a password (action " + request.action + ")").text());
    if (details.contains("polkit.dismissed"))
        return refusal(request, "the question for a password was dismissed");
    return refusal(request, "polkit says no (action " + request.action + ")");
}

} // namespace

PolkitAuthority::PolkitAuthority(
    sdbus::IConnection& connection, Loop& loop, ClientTracker& clients, Limits limits)
    : loop_(loop),
      limits_(limits),
      clients_(clients),
      polkit_(dbus::makeProxy(connection, dbus::polkitService, dbus::polkitPath)) {}

PolkitAuthority::~PolkitAuthority() = default;

void PolkitAuthority::ask(const AuthorizationRequest& request, Completion<Done> done) {
    try {
        checkLimits(request.caller.uid);
        const auto id = ++lastId_;
        const bool interactive = request.caller.interactive;
        auto watch = clients_.watch(request.caller.busName, [this, id] { giveUp(id, callerLeft); });
        auto patience = loop_.after(interactive ? limits_.interactivePatience : limits_.plainPatience,
            [this, id] { giveUp(id, "polkit did not answer in time"); });
        send(id, request);
        open_.emplace(id, Question{request, done, std::move(watch), std::move(patience)});
    } catch (...) {
        loop_.post([done, error = currentError()] { done(error); });
    }
}

void PolkitAuthority::checkLimits(uid_t user) const {
    const auto his = static_cast<std::size_t>(std::count_if(open_.begin(), open_.end(),
        [&](const auto& entry) { return entry.second.request.caller.uid == user; }));
    if (his >= limits_.perUser)
        throw Error(Errc::LimitExceeded, "uid " + std::to_string(user) + " has " + std::to_string(his) +
                                             " questions open at polkit, and may have no more; try again");
    if (open_.size() >= limits_.all)
        throw Error(Errc::LimitExceeded, "there are " + std::to_string(open_.size()) +
                                             " questions open at polkit, and may be no more; try again");
}

void PolkitAuthority::send(std::uint64_t id, const AuthorizationRequest& request) {
    try {
        auto call = dbus::makeCall(*polkit_, dbus::polkitInterface, "CheckAuthorization");
        call << subjectOf(request.caller) << request.action << detailsOf(request)
             << (request.caller.interactive ? allowUserInteraction : std::uint32_t{0}) << cancellationId(id);
        dbus::callAsync(*polkit_, call, noTimeout,
            [this, id](sdbus::MethodReply* reply, const Error* error) { answered(id, reply, error); });
    } catch (const sdbus::Error& error) {
        throw refusal(request, "polkit cannot be asked: " + error.getMessage());
    }
}

void PolkitAuthority::answered(std::uint64_t id, sdbus::MethodReply* reply, const Error* error) {
    const auto question = open_.extract(id);
    if (question.empty() || !question.mapped().done)
        return;
    const auto& [request, done, watch, patience] = question.mapped();
    if (!watch->isThere()) {
        done(refusal(request, callerLeft)); // giveUp() is due, and comes too late
        return;
    }
    if (reply == nullptr) {
        done(refusal(
            request, "polkit cannot be asked: " + (error == nullptr ? "no answer" : quoted(error->text()))));
        return;
    }
    try {
        done(readAnswer(request, *reply));
    } catch (const sdbus::Error& unclear) {
        done(refusal(request, "polkit's answer cannot be read: " + unclear.getMessage()));
    }
}

void PolkitAuthority::giveUp(std::uint64_t id, std::string_view why) {
    const auto question = open_.find(id);
    if (question == open_.end() || !question->second.done)
        return;
    auto cancel = dbus::makeCall(*polkit_, dbus::polkitInterface, "CancelCheckAuthorization");
    cancel << cancellationId(id);
    dbus::callWithoutAnswer(cancel);
    const auto done = std::exchange(question->second.done, nullptr);
    done(refusal(question->second.request, why));
}

} // namespace nsd::bus
