// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/verb.hpp"
#include "client/version.hpp"

namespace nsd::client {
namespace {

int run(VerbContext& context, const Arguments&) {
    context.showJson({{{{"nsctl", "", version}}}}, VerbContext::Asked::One);
    context.print(std::string("nsctl ") + version);
    return exitSuccess;
}

} // namespace

const Verb versionVerb{"version", nullptr, "say which nsctl this is (status: which nsd)", {"", 0, 0}, {}, "",
    "nsctl version", exitFailure, run};

} // namespace nsd::client
