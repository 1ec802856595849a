// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/grant_words.hpp"
#include "client/verbs/verb.hpp"

namespace nsd::client {
namespace {

int run(VerbContext& context, const Arguments& arguments) {
    const auto grant = parseGrant(arguments.wordsBehindFirst());
    context.client().revoke(arguments.words().front(), grant);
    return exitSuccess;
}

} // namespace

const Verb revokeVerb{"revoke", nullptr, "take rights from a user or group",
    {"NAME user:U|group:G RIGHTS", 3, anyNumber}, {},
    "Leases that were given on them are over at once; what runs inside or is open already stays.",
    "nsctl revoke web group:dev hold", exitFailure, run};

} // namespace nsd::client
