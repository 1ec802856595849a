// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/apply/apply_plan.hpp"
#include "client/cli/values.hpp"
#include "client/verbs/verb.hpp"
#include "common/error.hpp"

#include <array>
#include <optional>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"filename", 'f', "FILE|DIR", "definitions: a file, a directory of NAME.json, or -; repeated: all"},
    Option{"dry-run", '\0', nullptr, "say what would be done, and do nothing"},
    Option{"prune", '\0', nullptr, "remove the files with all of --label that were not given"},
    Option{"label", '\0', "K=V", "with --prune: which files may be removed; repeated: with all of them"},
};

std::optional<Labels> pruned(const Arguments& arguments) {
    auto labels = parseAssignments(arguments.values("label"));
    if (arguments.has("prune") == labels.empty())
        throw UsageError("--prune and --label go together: only files with a label can be removed");
    return labels.empty() ? std::nullopt : std::optional(std::move(labels));
}

void reload(Client& client) {
    try {
        client.reload();
    } catch (const Unanswered&) {
        throw;
    } catch (const Error& error) {
        throw Error(error.code(), "the files are written, and take effect at the next reload; now nsd could "
                                  "not read its configuration: " +
                                      error.text());
    }
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto prune = pruned(arguments);
    if (!arguments.has("filename"))
        throw UsageError("-f FILE is missing: what shall be applied?");
    auto input = readInput(arguments.values("filename"));
    if (context.joiner().uid != 0)
        throw Error(Errc::AccessDenied,
            "it writes files of root's, in the directory of nsd's definitions: sudo nsctl apply …");
    auto& client = context.client();
    const DefinitionsDirectory directory(client.definitionsDirectory());
    ApplyPlan plan(input.definitions, directory, prune,
        [&](const std::string& text) { context.complain("apply", text); });
    for (auto& problem : plan.check(client, input.definitions))
        input.problems.push_back(std::move(problem));
    for (const auto& problem : input.problems)
        context.complain("apply", problem);
    if (!input.problems.empty())
        throw Error(Errc::InvalidArgument, "nothing was changed");

    bool good = true;
    if (!arguments.has("dry-run")) {
        plan.writeTo(directory);
        reload(client);
        good = plan.await(client);
    }
    context.showTable(plan.records());
    return good ? exitSuccess : exitFailure;
}

} // namespace

const Verb applyVerb{"apply", nullptr, "declare namespaces by files, for good", {"", 0, 0}, options,
    "Writes the files of nsd's definitions (/etc/nsd/namespaces.d), lets nsd read them, and waits until the\n"
    "namespaces are made. Nothing is changed where one has a mistake. For root alone.",
    "nsctl apply -f namespaces/ --prune --label app=shop", exitFailure, run};

} // namespace nsd::client
