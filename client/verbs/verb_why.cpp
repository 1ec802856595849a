// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/holder_record.hpp"
#include "client/verbs/verb.hpp"

namespace nsd::client {
namespace {

int run(VerbContext& context, const Arguments& arguments) {
    const auto& name = arguments.words().front();
    const auto holders = context.client().holders(name);
    context.showTable(recordsOf(holders));
    if (holders.empty())
        context.say(name + ": nothing but nsd holds it");
    return exitSuccess;
}

} // namespace

const Verb whyVerb{"why", "holders", "say what keeps a namespace alive", {"NAME", 1, 1}, {}, "",
    "nsctl why web", exitFailure, run};

} // namespace nsd::client
