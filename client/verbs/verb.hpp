// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/cli/arguments.hpp"
#include "client/verbs/verb_context.hpp"

#include <span>
#include <string_view>

namespace nsd::client {

// One verb of nsctl, told once: what its line looks like, what --help says, and what it does. Each
// lives in a file of its own, verb_<name>.cpp; verbs.cpp is the table of them all.
struct Verb {
    const char* name;
    const char* alias; // a second name, or null
    const char* summary;
    Words words;
    std::span<const Option> options;
    const char* notes;   // what --help says below the options; may be empty
    const char* example; // a line to try
    // Exit status where nsd or nsctl itself fails: 1, or 125 for a verb that ends as its command does.
    int failure;
    int (*run)(VerbContext& context, const Arguments& arguments);
};

[[nodiscard]] std::span<const Verb* const> allVerbs() noexcept;
// By name or alias. Throws UsageError, with the verb that was probably meant.
[[nodiscard]] const Verb& findVerb(std::string_view word);

// In the order of --help.
extern const Verb createVerb;
extern const Verb listVerb;
extern const Verb showVerb;
extern const Verb execVerb;
extern const Verb shellVerb;
extern const Verb runVerb;
extern const Verb identifyVerb;
extern const Verb renameVerb;
extern const Verb labelVerb;
extern const Verb whyVerb;
extern const Verb psVerb;
extern const Verb topVerb;
extern const Verb destroyVerb;
extern const Verb holdVerb;
extern const Verb grantVerb;
extern const Verb revokeVerb;
extern const Verb adoptVerb;
extern const Verb importVerb;
extern const Verb socketVerb;
extern const Verb forwardVerb;
extern const Verb linkVerb;
extern const Verb unitVerb;
extern const Verb applyVerb;
extern const Verb exportVerb;
extern const Verb monitorVerb;
extern const Verb waitVerb;
extern const Verb ociVerb;
extern const Verb statusVerb;
extern const Verb versionVerb;
extern const Verb helpVerb;

} // namespace nsd::client
