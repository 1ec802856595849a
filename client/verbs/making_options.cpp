// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/making_options.hpp"

#include "client/cli/time_span.hpp"
#include "client/cli/users.hpp"
#include "client/cli/values.hpp"

namespace nsd::client {

CreateOptions readMakingOptions(const Arguments& arguments) {
    CreateOptions given;
    if (const auto owner = arguments.value("owner"))
        given.owner = userId(*owner);
    given.labels = parseAssignments(arguments.values("label"));
    given.lease = arguments.has("lease");
    if (const auto span = arguments.value("ttl"))
        given.ttl = parseDuration(*span);
    return given;
}

void showMade(VerbContext& context, const std::string& name, const std::string& path) {
    context.showJson({{{{"name", "", name}, {"path", "", path}}}}, VerbContext::Asked::One);
}

} // namespace nsd::client
