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

// The words of the OCI runtime specification (config-linux.md, "Namespaces") are nsd's but for two.
std::string ociWord(NamespaceType type) {
    if (type == NamespaceType::Mnt)
        return "mount";
    return type == NamespaceType::Net ? "network" : std::string(toWord(type));
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
    for (const auto type : types) {
        const auto pin = details.pins.find(std::string(toWord(type)));
        if (pin == details.pins.end())
            throw Error(Errc::Busy, quoted(name) + " is declared, and not made yet");
        entries.push_back({{{"type", "", ociWord(type)}, {"path", "", pin->second}}});
    }
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
