// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/time_span.hpp"
#include "client/cli/users.hpp"
#include "client/cli/values.hpp"
#include "client/enter/opened_namespaces.hpp"
#include "client/verbs/verb.hpp"

#include <array>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"pid", 'p', "PID", "the namespaces that this process is in"},
    Option{"types", 't', "TYPE,…", "of these types (default: those that nsctl is not in itself)"},
    Option{"owner", '\0', "USER", "who owns it, by name or number (root only; default: you)"},
    Option{"label", '\0', "K=V", "attach a label; may be repeated"},
    Option{"lease", '\0', nullptr,
        "destroy it with its last lease, or after 30s without a first one (see hold)"},
    Option{"ttl", '\0', "SPAN", "destroy it after this time"},
};

NamespaceFds openThem(const Arguments& arguments) {
    const auto files = arguments.wordsBehindFirst();
    const auto pid = arguments.value("pid");
    if (pid && !files.empty())
        throw UsageError("either --pid or TYPE=FILE");
    if (!pid && files.empty())
        throw UsageError("neither --pid nor TYPE=FILE was given");
    if (!pid && arguments.has("types"))
        throw UsageError("--types goes with --pid");
    if (!pid)
        return openNamespaceFiles(files);
    std::optional<NamespaceTypes> types;
    if (arguments.has("types"))
        types = parseTypes(arguments.values("types"));
    return openNamespacesOf(static_cast<pid_t>(parseNumber(*pid, "process id")), types);
}

int run(VerbContext& context, const Arguments& arguments) {
    CreateOptions given;
    if (const auto owner = arguments.value("owner"))
        given.owner = userId(*owner);
    given.labels = parseAssignments(arguments.values("label"));
    given.lease = arguments.has("lease");
    if (const auto span = arguments.value("ttl"))
        given.ttl = parseDuration(*span);
    const auto fds = openThem(arguments);
    const auto& name = arguments.words().front();
    const auto path = context.client().adopt(name, fds, given);
    context.showJson({{{{"name", "", name}, {"path", "", path}}}}, VerbContext::Asked::One);
    return exitSuccess;
}

} // namespace

const Verb adoptVerb{"adopt", nullptr, "give a name to namespaces that are there already",
    {"NAME --pid PID | TYPE=FILE…", 1, anyNumber}, options,
    "nsctl opens them, so it must be you who may. Yours are those that a user namespace of yours owns;\n"
    "others' are for root, and for whom polkit lets.",
    "nsctl adopt web net=/proc/4711/ns/net", exitFailure, run};

} // namespace nsd::client
