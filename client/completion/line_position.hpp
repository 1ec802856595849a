// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/verbs/verb.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::client {

// Where on a command line the word stands that is being typed, and what stands in front of it: read as
// parseLeading() and parseLine() would, but of a line that is not whole, and may be wrong.
struct LinePosition {
    enum class Expected {
        Nothing, // behind a verb that does not exist
        Verb,
        OptionName,
        OptionValue,
        Word,   // number `word` of the verb's own
        Command // the words from `command` on are somebody else's command line
    };

    Expected expected = Expected::Nothing;
    const Verb* verb = nullptr; // null: none was given yet
    Arguments given;            // what stands before
    bool optionsAllowed = true; // no "--" so far
    Option option{};            // whose value is typed
    std::string before;         // what stands in the typed word in front of the value: "--label="
    std::string typed;          // the rest of it
    std::size_t word = 0;
    std::size_t command = 0;
};

// `words`: the line behind "nsctl" up to the cursor; the last one, which may be empty, is being typed.
[[nodiscard]] LinePosition findPosition(const std::vector<std::string>& words);

// The options that are known there: a verb's own, and those that every verb takes; null: before the verb.
[[nodiscard]] std::vector<Option> optionsFor(const Verb* verb);

// What the words of a synopsis are called: "NAME", "COMMAND" of "NAME [--] COMMAND…". Options in it are
// left out.
[[nodiscard]] std::vector<std::string> placeholdersOf(std::string_view synopsis);

} // namespace nsd::client
