// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The only file of nsctl that includes CLI11, which is slow to compile.
#include "client/cli/option_parser.hpp"

#include "client/cli/similar_word.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

namespace nsd::client {
namespace {

// To CLI11 the value of "--name=" is the next word, and that of a flag's "=true" is none. So a word with
// a '=' gets another one at its end, which is taken off what comes back: then there is no value behind a
// '=' that is empty or "true". Other words do not end in '=', and stay what they are.
std::string marked(std::string word) {
    if (word.find('=') != std::string::npos)
        word += '=';
    return word;
}

std::string unmarked(std::string word) {
    if (word.ends_with('='))
        word.pop_back();
    return word;
}

// CLI11 wants the last word first.
std::vector<std::string> markedFromBehind(const std::vector<std::string>& line) {
    std::vector<std::string> words(line.size());
    std::transform(line.rbegin(), line.rend(), words.begin(), marked);
    return words;
}

bool looksLikeOption(const std::string& word) noexcept {
    return word.size() > 1 && word.front() == '-';
}

// "label" of "--label=a"; empty where the word is no long option.
std::string_view longName(std::string_view word) noexcept {
    return word.starts_with("--") ? word.substr(2, word.find('=') - 2) : std::string_view();
}

// The names of each option, as CLI11 takes them: "--label,-l". The beginnings of names that are on this
// line are names, too: which of its words are options and which are values is for CLI11 to say.
std::vector<std::string> namesOf(std::span<const Option> options, const std::vector<std::string>& line) {
    std::vector<std::string> names;
    for (const auto& option : options) {
        names.push_back(std::string("--") + option.name);
        if (option.letter != '\0')
            names.back().append(",-").append(1, option.letter);
    }
    for (const auto& word : line) {
        const auto name = longName(word);
        const auto* option = optionNamed(options, name);
        if (option != nullptr && name != option->name)
            names[static_cast<std::size_t>(option - options.data())].append(",--").append(name);
    }
    return names;
}

// " (--label or --lease?)" for the beginning of more than one name, ", is it --label?" for a mistyped one.
std::string hint(std::span<const Option> options, std::string_view name) {
    std::string text;
    std::vector<std::string_view> names;
    for (const auto& option : options) {
        names.emplace_back(option.name);
        if (!name.empty() && names.back().starts_with(name))
            text.append(text.empty() ? " (--" : " or --").append(option.name);
    }
    if (!text.empty())
        return text + "?)";
    if (const auto meant = similarWord(name, names); !meant.empty())
        text.append(", is it --").append(meant).append("?");
    return text;
}

[[noreturn]] void refuseUnknown(std::span<const Option> options, const std::string& word) {
    if (word.starts_with("--"))
        throw UsageError("unknown option " + quoted(word) + hint(options, longName(word)));
    throw UsageError("unknown option " + quoted(word.substr(0, 2)));
}

// CLI11 leaves unknown options, words and "--" as they stood on the line.
Unread sorted(std::span<const Option> options, const std::vector<std::string>& line,
    std::vector<std::string> left, ReadTo to) {
    std::transform(left.begin(), left.end(), left.begin(), unmarked);
    // Behind the first word nothing was read; an unknown option would stand in front of it.
    const auto end = to == ReadTo::FirstWord && !left.empty() ? left.begin() + 1 : left.end();
    const auto dashes = std::find(left.begin(), end, "--");
    if (const auto unknown = std::find_if(left.begin(), dashes, looksLikeOption); unknown != dashes)
        refuseUnknown(options, *unknown);
    const bool ended = dashes != end;
    if (ended) {
        // "-q-" is "-q --" to CLI11.
        if (*(line.end() - (left.end() - dashes)) != "--")
            refuseUnknown(options, *dashes);
        left.erase(dashes);
    }
    return {std::move(left), ended};
}

// CLI11 misses a value only where the line ends.
[[noreturn]] void refuseWithoutValue(const std::string& lastWord) {
    throw UsageError("option " + (lastWord.starts_with("--") ? lastWord : std::string{'-', lastWord.back()}) +
                     " needs a value");
}

void take(const Option& option, const std::vector<std::string>& results, Arguments& arguments) {
    for (const auto& result : results) {
        if (option.value != nullptr)
            arguments.add(option.name, unmarked(result));
        else if (result == "true") // what CLI11 has for a flag
            arguments.add(option.name, "");
        else
            throw UsageError(std::string("option --") + option.name + " takes no value");
    }
}

} // namespace

const Option* optionNamed(std::span<const Option> options, std::string_view name) noexcept {
    const Option* meant = nullptr;
    std::size_t fitting = 0;
    for (const auto& option : options) {
        if (option.name == name)
            return &option;
        if (!name.empty() && std::string_view(option.name).starts_with(name)) {
            meant = &option;
            ++fitting;
        }
    }
    return fitting == 1 ? meant : nullptr;
}

Unread readOptions(
    std::span<const Option> options, const std::vector<std::string>& line, ReadTo to, Arguments& arguments) {
    CLI::App parser;
    parser.set_help_flag(); // CLI11's own ends the program by an exception
    parser.allow_extras()->prefix_command(to == ReadTo::FirstWord);
    std::vector<const CLI::Option*> known;
    const auto names = namesOf(options, line);
    for (std::size_t i = 0; i < options.size(); ++i) {
        auto* option = options[i].value != nullptr ? parser.add_option(names[i]) : parser.add_flag(names[i]);
        known.push_back(option->take_all());
    }

    bool valueMissing = false;
    try {
        parser.parse(markedFromBehind(line));
    } catch (const CLI::ArgumentMismatch&) {
        valueMissing = true;
    }
    auto unread = sorted(options, line, parser.remaining(), to);
    if (valueMissing)
        refuseWithoutValue(line.back());
    for (std::size_t i = 0; i < options.size(); ++i)
        take(options[i], known[i]->results(), arguments);
    return unread;
}

} // namespace nsd::client
