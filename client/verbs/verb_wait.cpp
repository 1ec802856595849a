// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/time_span.hpp"
#include "client/verbs/verb.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace nsd::client {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array options{
    Option{"for", '\0', "WHAT", "ready (default), empty: no process lives in it, or gone"},
    Option{"timeout", '\0', "SPAN", "how long at most (default: for ever)"},
};

bool isReady(Client& client, const std::string& name) {
    const auto details = showIfThere(client, name);
    if (details && details->state == "degraded")
        throw Error(Errc::Degraded,
            quoted(name) + " is degraded: it will never be ready; destroy it and make it anew");
    return details && details->state == "ready";
}

// Of that which had the name at first: another one that takes its name is another one.
class Gone {
  public:
    bool operator()(Client& client, const std::string& name) {
        const auto details = showIfThere(client, name);
        if (details && uuid_.empty())
            uuid_ = details->uuid;
        return !details || details->uuid != uuid_;
    }

  private:
    std::string uuid_;
};

bool isEmpty(Client& client, const std::string& name) {
    return client.countProcesses(name) == 0;
}

using Condition = std::function<bool(Client&, const std::string&)>;

Condition conditionOf(const std::string& word) {
    if (word == "ready")
        return isReady;
    if (word == "gone")
        return Gone();
    if (word == "empty")
        return isEmpty;
    throw UsageError("--for is ready, empty or gone, not " + quoted(word));
}

// The kernel tells nobody of processes that come and go.
constexpr std::chrono::microseconds lookAgain{250'000};
constexpr std::chrono::microseconds longTime = std::chrono::hours(1);

// A daemon that is being restarted is waited for, too.
bool holds(const Condition& condition, Client& client, const std::string& name) {
    try {
        return condition(client, name);
    } catch (const Unanswered&) {
        return false;
    }
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto& name = arguments.words().front();
    const auto what = arguments.value("for").value_or("ready");
    auto condition = conditionOf(what);
    const auto timeout = arguments.value("timeout");
    const auto deadline = timeout ? Clock::now() + parseDuration(*timeout) : Clock::time_point::max();

    auto& client = context.client();
    client.subscribe();
    while (!holds(condition, client, name)) {
        auto limit = what == "empty" ? lookAgain : longTime;
        if (timeout) {
            const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline - Clock::now());
            if (left.count() <= 0)
                throw Error(Errc::TimedOut, quoted(name) + " is not " + what + " after " + *timeout);
            limit = std::min(limit, left);
        }
        static_cast<void>(client.nextEvent(limit));
    }
    return exitSuccess;
}

} // namespace

const Verb waitVerb{"wait", nullptr, "wait for a namespace", {"NAME", 1, 1}, options,
    "ready: it is there and whole, also one that is not made yet. gone: what has the name now has it no "
    "more. Exit "
    "status 1 where the time is over, or where it cannot come to be.",
    "nsctl wait web --for=gone --timeout=1min", exitFailure, run};

} // namespace nsd::client
