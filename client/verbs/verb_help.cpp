// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/help.hpp"
#include "client/verbs/verb.hpp"

namespace nsd::client {
namespace {

int run(VerbContext& context, const Arguments& arguments) {
    const auto& words = arguments.words();
    context.print(words.empty() ? helpText() : helpText(findVerb(words.front())));
    return exitSuccess;
}

} // namespace

const Verb helpVerb{"help", nullptr, "explain nsctl or a verb", {"[VERB]", 0, 1}, {}, "", "nsctl help create",
    exitFailure, run};

} // namespace nsd::client
