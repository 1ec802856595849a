// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/link_words.hpp"
#include "client/verbs/link_record.hpp"
#include "client/verbs/verb.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"name", '\0', "NEW", "the link's name there (move: inside; return: on the host)"},
    Option{"veth", '\0', vethForm, "what add makes; may be repeated"},
};

int move(VerbContext& context, const Arguments& arguments) {
    const auto& words = arguments.words();
    context.client().moveLink(words[1], words[2], arguments.value("name").value_or(""));
    return exitSuccess;
}

int giveBack(VerbContext& context, const Arguments& arguments) {
    const auto& words = arguments.words();
    context.client().returnLink(words[1], words[2], arguments.value("name").value_or(""));
    return exitSuccess;
}

int add(VerbContext& context, const Arguments& arguments) {
    const auto links = parseVeths(arguments.values("veth"));
    if (links.empty())
        throw UsageError(std::string("link add needs --veth ") + vethForm);
    for (const auto& link : links)
        context.client().addLink(arguments.words()[1], link);
    return exitSuccess;
}

int list(VerbContext& context, const Arguments& arguments) {
    const auto& words = arguments.words();
    const auto rows = words.size() > 1 ? std::vector{context.client().listWithLinks(words[1])}
                                       : context.client().listWithLinks();
    std::vector<Record> records;
    for (const auto& row : rows)
        for (const auto& link : row.links)
            records.push_back(linkRecord(link, row.name));
    context.showTable(records);
    return exitSuccess;
}

struct Action {
    std::string_view name;
    Words words; // with the action's own
    std::string_view option;
    int (*run)(VerbContext& context, const Arguments& arguments);
};

constexpr std::array actions{
    Action{"move", {"move NAME LINK", 3, 3}, "name", move},
    Action{"return", {"return NAME LINK", 3, 3}, "name", giveBack},
    Action{"add", {"add NAME", 2, 2}, "veth", add},
    Action{"list", {"list [NAME]", 1, 2}, "", list},
};

int run(VerbContext& context, const Arguments& arguments) {
    const auto& word = arguments.words().front();
    const auto* const action = std::find_if(
        actions.begin(), actions.end(), [&](const Action& candidate) { return candidate.name == word; });
    if (action == actions.end())
        throw UsageError(quoted(word) + " is none of move, return, add, list");
    checkWords(action->words, arguments);
    for (const auto& option : options)
        if (arguments.has(option.name) && option.name != action->option)
            throw UsageError("link " + word + " has no option --" + option.name);
    return action->run(context, arguments);
}

} // namespace

const Verb linkVerb{"link", nullptr, "move links of the host inside and back, and make new ones",
    {"move|return|add|list [NAME] [LINK]", 1, 3}, options,
    "move NAME LINK takes a link of the host inside, return NAME LINK brings it home, under its old name "
    "and\n"
    "with its old settings, as the end of the namespace does by itself. list [NAME] is a table; HOME is the\n"
    "name that a link has on the host. add NAME --veth … makes a pair:\n"
    "A pair of virtual Ethernet links, both up: NAME inside, PEER on the host or in another NAMESPACE.\n"
    "Keys, each as often as needed: addr=10.0.0.2/24, peer-addr=10.0.0.1/24, route=10.1.0.0/16 or\n"
    "route=\"default via 10.0.0.1\", mtu=1400. What touches the host needs the right link.",
    "nsctl link add web --veth eth0:web0,addr=10.0.0.2/24,peer-addr=10.0.0.1/24", exitFailure, run};

} // namespace nsd::client
