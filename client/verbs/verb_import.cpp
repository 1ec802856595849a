// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/import/candidates.hpp"
#include "client/verbs/making_options.hpp"
#include "common/name.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"all", 'a', nullptr, "all that have no name in nsd yet"},
    Option{"from", '\0', "DIR", "from this directory alone (default: those of ip netns, podman, docker)"},
    Option{"as", '\0', "NEW", "under this name, for one whose own nsd does not take"},
    ownerOption,
    labelOption,
};

std::vector<Candidate> candidatesFor(const Arguments& arguments) {
    const auto from = arguments.value("from");
    return from ? findCandidates(*from) : findCandidates(knownSources());
}

// The name that nsd has for it; empty: none.
std::string nameInNsd(Client& client, const Candidate& candidate) {
    try {
        return client.identify(candidate.fd.get()).first;
    } catch (const Error& error) {
        if (error.code() != Errc::NoSuchNamespace)
            throw;
        return {};
    }
}

Record recordOf(const Candidate& candidate, const std::string& name) {
    return {{
        {"name", "Name", candidate.name},
        {"path", "Path", candidate.path},
        {"made_by", "Made by", candidate.maker},
        {"named", "Named", name},
    }};
}

Candidate take(std::vector<Candidate>& candidates, const std::string& name) {
    const auto isIt = [&](const Candidate& candidate) { return candidate.name == name; };
    const auto first = std::find_if(candidates.begin(), candidates.end(), isIt);
    if (first == candidates.end())
        throw Error(Errc::NoSuchNamespace, "there is no network namespace of this name to import");
    const auto second = std::find_if(std::next(first), candidates.end(), isIt);
    if (second != candidates.end())
        throw Error(Errc::InvalidArgument,
            "it may be " + first->path + " or " + second->path + ": say which by --from");
    return std::move(*first);
}

void checkName(const std::string& name) {
    try {
        static_cast<void>(Name(name));
    } catch (const Error& error) {
        throw Error(Errc::InvalidName, error.text() + "; give it another one by --as");
    }
}

// One that has no name yet; takes its descriptor. Adds what was made to `made`, for programs.
void import(VerbContext& context, Candidate& candidate, const std::string& as, const CreateOptions& given,
    std::vector<Record>& made) {
    checkName(as);
    NamespaceFds fds;
    fds.emplace(NamespaceType::Net, std::move(candidate.fd));
    const auto path = context.client().adopt(as, fds, given);
    context.say(candidate.path + " is now " + as);
    made.push_back({{{"name", "", as}, {"path", "", path}, {"from", "", candidate.path}}});
}

int showCandidates(VerbContext& context, const std::vector<Candidate>& candidates) {
    std::vector<Record> records;
    records.reserve(candidates.size());
    for (const auto& candidate : candidates)
        records.push_back(recordOf(candidate, nameInNsd(context.client(), candidate)));
    context.showTable(records);
    return exitSuccess;
}

int importAll(VerbContext& context, std::vector<Candidate> candidates, const CreateOptions& given,
    std::vector<Record>& made) {
    int status = exitSuccess;
    for (auto& candidate : candidates) {
        try {
            if (const auto named = nameInNsd(context.client(), candidate); !named.empty())
                context.say(candidate.path + " has a name already: " + named);
            else
                import(context, candidate, candidate.name, given, made);
        } catch (const Error& error) {
            context.complain("import " + candidate.path, error.text());
            status = exitFailure;
        }
    }
    return status;
}

int importNamed(VerbContext& context, const Arguments& arguments, std::vector<Candidate> candidates,
    const CreateOptions& given, std::vector<Record>& made) {
    return context.forEachName("import", arguments.words(), [&](const std::string& name) {
        auto candidate = take(candidates, name);
        if (const auto named = nameInNsd(context.client(), candidate); !named.empty())
            throw Error(Errc::NameExists, "it has a name already: " + quoted(named));
        import(context, candidate, arguments.value("as").value_or(name), given, made);
    });
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto& names = arguments.words();
    const bool all = arguments.has("all");
    if (all && !names.empty())
        throw UsageError("either --all or names");
    if (arguments.has("as") && names.size() != 1)
        throw UsageError("--as goes with one name");
    const auto given = readMakingOptions(arguments);
    auto candidates = candidatesFor(arguments);
    if (!all && names.empty())
        return showCandidates(context, candidates);
    std::vector<Record> made;
    const int status = all ? importAll(context, std::move(candidates), given, made)
                           : importNamed(context, arguments, std::move(candidates), given, made);
    context.showJson(made, VerbContext::Asked::Several);
    return status;
}

} // namespace

const Verb importVerb{"import", nullptr, "give names to what ip netns, podman or docker made",
    {"[NAME…]", 0, anyNumber}, options,
    "Without a name and --all: lists what there is to import, and which of it nsd has named already.\n"
    "They stay where they are, and belong to who adopts them, as with adopt. What podman keeps for a user\n"
    "alone is to be seen in `podman unshare`.",
    "nsctl import --all", exitFailure, run};

} // namespace nsd::client
