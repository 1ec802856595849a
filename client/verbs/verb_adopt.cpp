// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/values.hpp"
#include "client/enter/opened_namespaces.hpp"
#include "client/verbs/making_options.hpp"

#include <array>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"pid", 'p', "PID", "the namespaces that this process is in"},
    Option{"types", 't', "TYPE,…", "of these types (default: those that nsctl is not in itself)"},
    ownerOption,
    labelOption,
    leaseOption,
    ttlOption,
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
    const auto given = readMakingOptions(arguments);
    const auto fds = openThem(arguments);
    const auto& name = arguments.words().front();
    const auto path = context.client().adopt(name, fds, given);
    showMade(context, name, path);
    return exitSuccess;
}

} // namespace

const Verb adoptVerb{"adopt", nullptr, "give a name to namespaces that are there already",
    {"NAME --pid PID | TYPE=FILE…", 1, anyNumber}, options,
    "nsctl opens them, so it must be you who may. Yours are those that a user namespace of yours owns;\n"
    "others' are for root, and for whom polkit lets.",
    "nsctl adopt web net=/proc/4711/ns/net", exitFailure, run};

} // namespace nsd::client
