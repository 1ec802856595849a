// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/conflist_file.hpp"
#include "client/cli/link_words.hpp"
#include "client/cli/time_span.hpp"
#include "client/cli/values.hpp"
#include "client/enter/opened_namespaces.hpp"
#include "client/verbs/making_options.hpp"

#include <array>
#include <memory>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"types", 't', "TYPE,…", "types of namespaces, or all (default: net)"},
    ownerOption,
    labelOption,
    hostnameOption,
    domainnameOption,
    Option{"sysctl", '\0', "K=V", "set net.* (type net) or kernel.msgmax and the like (type ipc)"},
    Option{"rootless", '\0', nullptr, "in a user namespace of your own, no password needed (adds type user)"},
    Option{"uid-map", '\0', "I:O:N", "N user ids from I inside are those from O on (type user)"},
    Option{"gid-map", '\0', "I:O:N", "the same for group ids"},
    Option{"map-root", '\0', nullptr, "root inside is the owner (type user)"},
    monotonicOption,
    boottimeOption,
    Option{"link", '\0', vethForm, "with a veth pair, NAME inside (type net; see nsctl link --help)"},
    Option{"etc", '\0', "DIR", "commands inside see the files in DIR instead of those in /etc (type net)"},
    Option{"cni", '\0', "FILE",
        "have CNI plugins make its network, as this .conflist says (root only; type net)"},
    Option{"persistent", '\0', nullptr, "have it again after a reboot, until it is destroyed"},
    Option{"publish", '\0', nullptr, "show it below /run/netns, for ip netns (type net)"},
    leaseOption,
    ttlOption,
};

CreateOptions readOptions(const Arguments& arguments) {
    auto given = readMakingOptions(arguments);
    given.hostname = arguments.value("hostname").value_or("");
    given.domainname = arguments.value("domainname").value_or("");
    given.sysctls = parseAssignments(arguments.values("sysctl"));
    given.uidMap = parseIdRanges(arguments.values("uid-map"));
    given.gidMap = parseIdRanges(arguments.values("gid-map"));
    given.mapRoot = arguments.has("map-root");
    given.rootless = arguments.has("rootless");
    if (const auto span = arguments.value("monotonic"))
        given.monotonicOffset = parseTimeSpan(*span);
    if (const auto span = arguments.value("boottime"))
        given.boottimeOffset = parseTimeSpan(*span);
    given.links = parseVeths(arguments.values("link"));
    if (const auto directory = arguments.value("etc"))
        given.etc = std::make_shared<const UniqueFd>(openDirectory(*directory));
    given.persistent = arguments.has("persistent");
    given.publish = arguments.has("publish");
    if (const auto file = arguments.value("cni"))
        given.cni = readConflistFile(*file);
    return given;
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto& name = arguments.words().front();
    auto types =
        arguments.has("types") ? parseTypes(arguments.values("types")) : NamespaceTypes{NamespaceType::Net};
    const auto given = readOptions(arguments);
    if (given.rootless)
        types.insert(NamespaceType::User);
    const auto path = context.client().create(name, types, given);
    showMade(context, name, path);
    return exitSuccess;
}

} // namespace

const Verb createVerb{"create", "add", "make a namespace", {"NAME", 1, 1}, options,
    "Types: cgroup ipc mnt net pid time user uts. Spans as in systemd.time(7): 90, 1h 30min, -2d.",
    "nsctl create web -t net,uts --hostname web --label env=test", exitFailure, run};

} // namespace nsd::client
