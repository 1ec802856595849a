// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/time_span.hpp"
#include "client/cli/values.hpp"
#include "client/enter/enter.hpp"
#include "client/verbs/making_options.hpp"
#include "common/name.hpp"
#include "common/quote.hpp"

#include <array>
#include <string>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"types", 't', "TYPE,…", "types of namespaces, or all; who is not root gets user, too"},
    Option{"close-all", '\0', nullptr, "give the command no descriptor at all, not even 0, 1 and 2"},
    Option{"map-current", '\0', nullptr, "the caller is himself inside (type user; default: root)"},
    Option{"map-auto", '\0', nullptr, "the caller is root, behind him his ids of /etc/subuid, /etc/subgid"},
    Option{"uid-map", '\0', "I:O:N", "N user ids from I inside are those from O on"},
    Option{"gid-map", '\0', "I:O:N", "the same for group ids"},
    hostnameOption,
    domainnameOption,
    monotonicOption,
    boottimeOption,
    Option{"propagation", '\0', "HOW", "of mounts: private (default), slave, shared, unchanged (type mnt)"},
    Option{"no-proc", '\0', nullptr, "leave /proc as it is (type pid)"},
    Option{"name", '\0', "NAME", "give them this name for as long as the command runs"},
    Option{"keep", '\0', nullptr, "with --name: also after it"},
};

void needs(const Arguments& arguments, NamespaceTypes types, const char* option, NamespaceType type) {
    if (arguments.has(option) && !types.contains(type))
        throw UsageError("--" + std::string(option) + " needs type " + std::string(toWord(type)));
}

void checkTypes(const Arguments& arguments, NamespaceTypes types) {
    for (const auto* option : {"map-current", "map-auto", "uid-map", "gid-map"})
        needs(arguments, types, option, NamespaceType::User);
    for (const auto* option : {"hostname", "domainname"})
        needs(arguments, types, option, NamespaceType::Uts);
    for (const auto* option : {"monotonic", "boottime"})
        needs(arguments, types, option, NamespaceType::Time);
    needs(arguments, types, "propagation", NamespaceType::Mnt);
    needs(arguments, types, "no-proc", NamespaceType::Pid);
    if (arguments.has("keep") && !arguments.has("name"))
        throw UsageError("--keep keeps what --name names: give a name");
}

CallerInside callerOf(const Arguments& arguments) {
    const bool maps = arguments.has("uid-map") || arguments.has("gid-map");
    if (int{maps} + int{arguments.has("map-current")} + int{arguments.has("map-auto")} > 1)
        throw UsageError("one of --map-current, --map-auto, or --uid-map and --gid-map");
    if (maps)
        return CallerInside::AsGiven;
    if (arguments.has("map-auto"))
        return CallerInside::Ranges;
    return arguments.has("map-current") ? CallerInside::Same : CallerInside::Root;
}

Propagation parsePropagation(const std::string& word) {
    if (word == "private")
        return Propagation::Private;
    if (word == "slave")
        return Propagation::Slave;
    if (word == "shared")
        return Propagation::Shared;
    if (word == "unchanged")
        return Propagation::Unchanged;
    throw UsageError("--propagation is private, slave, shared or unchanged, not " + quoted(word));
}

NamespaceSpec specOf(const Arguments& arguments, uid_t caller) {
    NamespaceSpec spec;
    spec.types = parseTypes(arguments.values("types"));
    if (caller != 0)
        spec.types.insert(NamespaceType::User);
    spec.uidMap = parseIdRanges(arguments.values("uid-map"));
    spec.gidMap = parseIdRanges(arguments.values("gid-map"));
    spec.hostname = arguments.value("hostname").value_or("");
    spec.domainname = arguments.value("domainname").value_or("");
    if (const auto span = arguments.value("monotonic"))
        spec.monotonicOffset = parseTimeSpan(*span).count();
    if (const auto span = arguments.value("boottime"))
        spec.boottimeOffset = parseTimeSpan(*span).count();
    return spec;
}

int run(VerbContext& context, const Arguments& arguments) {
    if (!arguments.has("types"))
        throw UsageError("say which namespaces: -t TYPE,…");
    RunRequest request;
    request.what = "run";
    request.spec = specOf(arguments, context.joiner().uid);
    checkTypes(arguments, request.spec.types);
    request.caller = callerOf(arguments);
    request.propagation = parsePropagation(arguments.value("propagation").value_or("private"));
    request.freshProc = !arguments.has("no-proc");
    request.closeAll = arguments.has("close-all");
    request.command = arguments.words();
    if (auto name = arguments.value("name"))
        request.wanted = {Name(*std::move(name)).str(), arguments.has("keep"), context.connector()};
    return context.runInFresh(std::move(request));
}

} // namespace

const Verb runVerb{"run", nullptr, "run a command in fresh namespaces",
    {"[--] COMMAND…", 1, anyNumber, true, 0}, options,
    "The namespaces have no name, unless one is given, and end with what runs in them. The command gets\n"
    "descriptors 0, 1 and 2 alone, and nothing else of nsctl's either: no lock, no timer, no semaphore to\n"
    "undo. With pid it is process 1, with a fresh /proc. Works without root, in a user namespace, and\n"
    "without the daemon; --name needs both nsd and the right to adopt what you made, which an owner of a\n"
    "user namespace has.\n"
    "Exit status: the command's own; 125 where nsctl failed before it, 126 not executable, 127 not found,\n"
    "128+N for signal N.",
    "nsctl run -t pid,net -- ps ax", exitNotRun, run};

} // namespace nsd::client
