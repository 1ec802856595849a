// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/verb.hpp"
#include "client/version.hpp"

#include <cstdint>

namespace nsd::client {
namespace {

int run(VerbContext& context, const Arguments&) {
    const auto status = context.client().status();
    context.showDetails({{{
                            {"version", "nsd", status.version},
                            {"client_version", "nsctl", version},
                            {"bus", "Bus", status.bus},
                            {"namespaces", "Namespaces", std::uint64_t{status.namespaces}},
                            {"types", "Types", status.types},
                            {"sequence", "", status.sequence},
                        }}},
        VerbContext::Asked::One);
    return exitSuccess;
}

} // namespace

const Verb statusVerb{
    "status", nullptr, "say how the daemon is", {"", 0, 0}, {}, "", "nsctl status", exitFailure, run};

} // namespace nsd::client
