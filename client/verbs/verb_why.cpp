// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/holder_record.hpp"
#include "client/verbs/verb.hpp"
#include "common/word_list.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <unistd.h>
#include <vector>

namespace nsd::client {
namespace {

// What can keep a namespace alive and be in no answer.
std::vector<std::string> unseen(bool isRoot) {
    std::vector<std::string> all{"descriptors on their way through a Unix socket",
        "files registered with io_uring", "pidfds of dead processes", "what the kernel holds itself",
        "where a filter keeps nsd from asking (nsd.service): sockets that are not bound"};
    if (!isRoot)
        all.insert(all.begin(), "other users' processes, which are shown to root alone");
    return all;
}

std::uint64_t now() {
    using std::chrono::microseconds;
    const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<microseconds>(sinceEpoch).count());
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto& name = arguments.words().front();
    const auto holders = context.client().holders(name);
    const bool isRoot = ::geteuid() == 0;
    const auto seenAt = now();
    const auto notSeen = unseen(isRoot);
    if (context.wantsJson()) {
        context.showJson({{{{"name", "", name}, {"seen-at", "", seenAt}, {"holders", "", recordsOf(holders)},
                             {"not-seen", "", notSeen}}}},
            VerbContext::Asked::One);
        return exitSuccess;
    }
    context.showTable(recordsOf(holders));
    if (std::all_of(holders.begin(), holders.end(), [](const Holder& each) { return each.kind == "pin"; }))
        context.say(name + (isRoot ? ": nothing but nsd holds it" : ": nothing of yours holds it"));
    context.say("Seen at " + timeText(seenAt) + ". Not seen: " + joined(notSeen, ", ") + '.');
    return exitSuccess;
}

} // namespace

const Verb whyVerb{"why", "holders", "say what keeps a namespace alive", {"NAME", 1, 1}, {},
    "Others' processes are shown to root alone. nsctl(1) has a list of the kinds.", "nsctl why web",
    exitFailure, run};

} // namespace nsd::client
