// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/apply/definition_input.hpp"
#include "client/verbs/verb.hpp"
#include "common/word_list.hpp"

#include <array>
#include <string>
#include <vector>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"all", 'a', nullptr, "all that there are"},
};

// What of it no definition can say.
std::vector<std::string> missing(Client& client, const NamespaceDetails& details, const std::string& text) {
    std::vector<std::string> lines;
    if (details.origin == "adopted")
        lines.emplace_back("it was adopted: what is exported makes new namespaces of the same types");
    if (details.lifetime == "lease" || details.lifetime == "ttl")
        lines.push_back(
            "its " + details.lifetime + " is left out: what is declared stays until it is destroyed");
    if (!contains(details.types, "net") || details.state == "pending")
        return lines;
    const auto declared = linkNamesIn(text);
    for (const auto& link : client.listWithLinks(details.name).links) {
        if (!link.home.empty())
            lines.push_back(
                "the host's link " + link.home + " is left out: nsctl link move brings it in again");
        else if (link.kind == "veth" && details.cni.empty() && !contains(declared, link.name))
            lines.push_back("the link " + link.name + " is left out, which was added later");
    }
    return lines;
}

int run(VerbContext& context, const Arguments& arguments) {
    auto names = arguments.words();
    if (names.empty() != arguments.has("all"))
        throw UsageError("either names or --all");
    auto& client = context.client();
    for (const auto& row : arguments.has("all") ? client.list({}) : std::vector<ListedNamespace>())
        names.push_back(row.name);
    std::vector<NamedText> texts;
    const int status = context.forEachName("export", names, [&](const std::string& name) {
        auto text = client.exportDefinition(name);
        for (const auto& line : missing(client, client.show(name), text))
            context.complain("export " + name, line);
        texts.push_back({name, std::move(text)});
    });
    const bool one = names.size() == 1 && !arguments.has("all");
    context.printText(exportText(texts, one ? TextForm::One : TextForm::Array, !context.wantsShortJson()));
    return status;
}

} // namespace

const Verb exportVerb{"export", nullptr, "print the definitions that make namespaces again",
    {"NAME…", 0, anyNumber}, options,
    "JSON, as nsctl apply -f takes it and as a file NAME.json of /etc/nsd/namespaces.d has it: an object "
    "for\n"
    "one name, else an array. What is in no definition (leases, links that came later) is said on standard\n"
    "error. Needs the right manage.",
    "nsctl export web >web.json", exitFailure, run};

} // namespace nsd::client
