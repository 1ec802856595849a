// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/verbs/verb_context.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nsd::client {

struct Suggestion {
    std::string text; // the whole word
    std::string description;
};

// What the word that is being typed can become. The shell chooses those that fit.
struct Completion {
    enum class Files { None, All, Directories };

    std::vector<Suggestion> suggestions;
    Files files = Files::None;
    std::size_t filesFrom = 0;          // where in the word a file's name begins
    std::optional<std::size_t> command; // the words from this one on are a command line of its own
};

// The first word of the line by which a shell asks.
constexpr auto completionVerb = "__complete";

// `words`: the line behind "nsctl" up to the cursor; the last one, which may be empty, is being typed.
// Asks nsd for what it has, if it runs, and nobody for a password; never throws for what the user typed.
[[nodiscard]] Completion complete(const std::vector<std::string>& words, Surroundings& surroundings);

// `nsctl __complete WORDS…`, for the scripts beside this file: a line "WORD<tab>DESCRIPTION" for each
// suggestion, and ":files N", ":directories N" or ":command N". Ends in time: what asks too long says
// nothing. Answers the exit status.
[[nodiscard]] int runCompletion(const std::vector<std::string>& words, Surroundings& surroundings);

// Whether completion knows what a verb's word of this name is.
[[nodiscard]] bool isWordKnown(const std::string& placeholder);

} // namespace nsd::client
