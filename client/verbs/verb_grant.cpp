// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/grant_words.hpp"
#include "client/verbs/verb.hpp"

namespace nsd::client {
namespace {

int run(VerbContext& context, const Arguments& arguments) {
    const auto grant = parseGrant(arguments.wordsBehindFirst());
    context.client().grant(arguments.words().front(), grant);
    return exitSuccess;
}

} // namespace

const Verb grantVerb{"grant", nullptr, "give rights to a user or group",
    {"NAME user:U|group:G RIGHTS", 3, anyNumber}, {},
    "RIGHTS: view, hold, socket, enter, fds, manage, link; separated by commas or spaces.\n"
    "They stay with the namespace, whatever its name, and come on top of those that are there.",
    "nsctl grant web user:alice enter,socket", exitFailure, run};

} // namespace nsd::client
