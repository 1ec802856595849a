// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/help.hpp"
#include "client/verbs/verb.hpp"
#include "common/quote.hpp"

namespace nsd::client {
namespace {

int run(VerbContext& context, const Arguments& arguments) {
    if (arguments.words().empty()) {
        context.print(helpText());
        return exitSuccess;
    }
    const auto* verb = findVerb(arguments.words().front());
    if (verb == nullptr)
        throw UsageError("there is no verb " + quoted(arguments.words().front()));
    context.print(helpText(*verb));
    return exitSuccess;
}

} // namespace

const Verb helpVerb{"help", nullptr, "explain nsctl or a verb", {"[VERB]", 0, 1}, {}, "", "nsctl help create",
    exitFailure, run};

} // namespace nsd::client
