// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/users.hpp"
#include "client/cli/values.hpp"
#include "client/verbs/verb.hpp"
#include "common/error.hpp"

#include <array>
#include <cstdlib>

namespace nsd::client {
namespace {

constexpr Option typesOption{"types", 't', "TYPE,…", "join only these types (default: all that it has)"};
constexpr Option userOption{
    "user", 'u', "USER", "run as this user, by name or number (for who joins it himself, see below)"};

constexpr std::array execOptions{
    typesOption,
    userOption,
    Option{"close-fds", '\0', nullptr, "give the command no descriptors but 0, 1 and 2"},
};
constexpr std::array shellOptions{typesOption, userOption};

void refuseOtherUser(const std::optional<User>& user, uid_t own) {
    if (user && user->uid != own)
        throw Error(Errc::AccessDenied,
            "nsd starts this command, and as you: --user is for root, and for the owner of a rootless "
            "namespace who joins its user and not its cgroup (choose with -t)");
}

int runThroughDaemon(VerbContext& context, const std::string& what, const ExecRequest& request) {
    try {
        return context.runThroughDaemon(request);
    } catch (const NotExecuted& error) {
        context.complain(what, error.text());
        return error.status();
    }
}

struct Command {
    std::vector<std::string> words;
    bool interactive;
};

int runInside(VerbContext& context, const Verb& verb, const Arguments& arguments, Command command) {
    const auto& name = arguments.words().front();
    const auto what = verb.name + (" " + name);
    // NSS, and everything that may be a mistake, before anything is asked or joined.
    auto types = arguments.has("types") ? parseTypes(arguments.values("types")) : NamespaceTypes();
    if (types == NamespaceTypes::all())
        types = {};
    std::optional<User> user;
    if (const auto text = arguments.value("user"))
        user = lookUpUser(*text);

    auto way = findWayIn(context.client(), context.joiner(), name, types);
    if (auto* entrance = std::get_if<Entrance>(&way))
        return context.enter({what, std::move(*entrance), std::move(user), std::move(command.words),
            arguments.has("close-fds"), command.interactive});
    // Which closes descriptors always.
    refuseOtherUser(user, context.joiner().uid);
    return runThroughDaemon(
        context, what, {name, std::get<NamespaceTypes>(way), std::move(command.words), command.interactive});
}

int runExec(VerbContext& context, const Arguments& arguments) {
    return runInside(context, execVerb, arguments, {arguments.wordsBehindFirst(), false});
}

int runShell(VerbContext& context, const Arguments& arguments) {
    const char* shell = std::getenv("SHELL");
    const bool given = shell != nullptr && *shell != '\0';
    return runInside(context, shellVerb, arguments, {{given ? shell : "/bin/sh"}, true});
}

} // namespace

const Verb execVerb{"exec", nullptr, "run a command inside", {"NAME [--] COMMAND…", 2, anyNumber, true},
    execOptions,
    "Root joins it himself, and so does the owner of a rootless namespace, where user is among the types\n"
    "and cgroup is not: the command keeps nsctl's descriptors. In a user namespace root's command runs as\n"
    "root inside and the owner's under his own id, as the map shows it there; or as --user.\n"
    "Else nsd starts the command for whoever may enter: as the caller, without new privileges, with\n"
    "descriptors 0, 1 and 2 alone; on a terminal it gets one of its own, which is left by typing ^] three\n"
    "times within a second.\n"
    "Exit status: the command's own; 125 where nsctl failed before it, 126 not executable, 127 not found,\n"
    "128+N for signal N.",
    "nsctl exec web ip -br address", exitNotRun, runExec};

const Verb shellVerb{"shell", nullptr, "run your shell inside", {"NAME", 1, 1}, shellOptions,
    "The shell is $SHELL, else /bin/sh, with your environment: no login shell. How it gets inside, and how\n"
    "to leave a terminal that hangs: nsctl exec --help.",
    "nsctl shell web", exitNotRun, runShell};

} // namespace nsd::client
