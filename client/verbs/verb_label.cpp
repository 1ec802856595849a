// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/values.hpp"
#include "client/verbs/verb.hpp"
#include "common/quote.hpp"

namespace nsd::client {
namespace {

// Brings one word of the line into the labels.
void apply(Labels& labels, const std::string& word) {
    if (word.find('=') != std::string::npos) {
        auto [key, value] = parseAssignment(word);
        labels[key] = std::move(value);
        return;
    }
    if (word.size() < 2 || word.back() != '-')
        throw UsageError(quoted(word) + " is neither KEY=VALUE nor KEY- (which takes the label away)");
    labels.erase(word.substr(0, word.size() - 1));
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto words = arguments.wordsBehindFirst();
    Labels probe;
    for (const auto& word : words)
        apply(probe, word); // a mistake shows before anything is asked
    const auto details = context.client().show(arguments.words().front());
    auto labels = details.labels;
    for (const auto& word : words)
        apply(labels, word);
    context.client().setLabels(details.path, labels);
    return exitSuccess;
}

} // namespace

const Verb labelVerb{"label", nullptr, "set or take away labels", {"NAME K=V…", 2, anyNumber}, {},
    "KEY=VALUE sets, KEY- takes away; the other labels stay.", "nsctl label web env=prod tier-", exitFailure,
    run};

} // namespace nsd::client
