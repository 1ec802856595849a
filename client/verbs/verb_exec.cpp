// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/values.hpp"
#include "client/verbs/verb.hpp"

#include <array>
#include <cstdlib>

namespace nsd::client {
namespace {

constexpr Option typesOption{"types", 't', "TYPE,…", "join only these types (default: all that it has)"};
constexpr Option userOption{"user", 'u', "USER", "run as this user, by name or number"};

constexpr std::array execOptions{
    typesOption,
    userOption,
    Option{"close-fds", '\0', nullptr, "give the command no descriptors but 0, 1 and 2"},
};
constexpr std::array shellOptions{typesOption, userOption};

int enterWith(
    VerbContext& context, const Verb& verb, const Arguments& arguments, std::vector<std::string> command) {
    EnterRequest request;
    const auto& name = arguments.words().front();
    request.what = verb.name + (" " + name);
    // NSS, and everything that may be a mistake, before anything is asked or joined.
    const auto types = arguments.has("types") ? parseTypes(arguments.values("types")) : NamespaceTypes::all();
    if (const auto user = arguments.value("user"))
        request.user = lookUpUser(*user);
    request.command = std::move(command);
    request.closeFds = arguments.has("close-fds");
    request.entrance =
        context.client().enter(name, types == NamespaceTypes::all() ? NamespaceTypes() : types);
    return context.enter(std::move(request));
}

int runExec(VerbContext& context, const Arguments& arguments) {
    return enterWith(context, execVerb, arguments, arguments.wordsBehindFirst());
}

int runShell(VerbContext& context, const Arguments& arguments) {
    const char* shell = std::getenv("SHELL");
    return enterWith(context, shellVerb, arguments, {shell != nullptr && *shell != '\0' ? shell : "/bin/sh"});
}

} // namespace

const Verb execVerb{"exec", nullptr, "run a command inside", {"NAME [--] COMMAND…", 2, anyNumber, true},
    execOptions,
    "In a user namespace the command runs as root inside, or as --user. Exit status: the command's own;\n"
    "125 where nsctl failed before it, 126 not executable, 127 not found, 128+N for signal N.",
    "nsctl exec web ip -br address", exitNotRun, runExec};

const Verb shellVerb{"shell", nullptr, "run your shell inside", {"NAME", 1, 1}, shellOptions, "",
    "nsctl shell web", exitNotRun, runShell};

} // namespace nsd::client
