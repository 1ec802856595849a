// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/values.hpp"
#include "client/verbs/verb.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"

#include <array>
#include <string>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"types", 't', "TYPE,…", "only these types (default: all that it has)"},
};

// The words of the OCI runtime specification (config-linux.md, "Namespaces"); time came with 1.1.
const char* ociWord(NamespaceType type) noexcept {
    switch (type) {
    case NamespaceType::Mnt:
        return "mount";
    case NamespaceType::Net:
        return "network";
    case NamespaceType::Cgroup:
        return "cgroup";
    case NamespaceType::Ipc:
        return "ipc";
    case NamespaceType::Pid:
        return "pid";
    case NamespaceType::Time:
        return "time";
    case NamespaceType::User:
        return "user";
    case NamespaceType::Uts:
        break;
    }
    return "uts";
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto& name = arguments.words().front();
    const auto details = context.client().show(name);
    auto types = namespaceTypesFromWords(details.types);
    if (arguments.has("types")) {
        const auto wanted = parseTypes(arguments.values("types"));
        if (wanted != NamespaceTypes::all() && !types.containsAll(wanted))
            throw Error(Errc::TypeNotPresent, quoted(name) + " has " + describe(types));
        if (wanted != NamespaceTypes::all())
            types = wanted;
    }
    std::vector<Record> entries;
    for (const auto type : types)
        entries.push_back(
            {{{"type", "", ociWord(type)}, {"path", "", details.pins.at(std::string(toWord(type)))}}});
    context.printArray(entries);
    return exitSuccess;
}

} // namespace

const Verb ociVerb{"oci", nullptr, "print a namespace as linux.namespaces of an OCI configuration",
    {"NAME", 1, 1}, options,
    "What a container of runc or crun has to join. The types that are not there are to be added, without a\n"
    "path, where the container shall have them fresh; mnt it must have.",
    "nsctl oci web --json=short", exitFailure, run};

} // namespace nsd::client
