// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/arguments.hpp"

#include "client/cli/option_parser.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <utility>

namespace nsd::client {

void Arguments::add(std::string_view option, std::string value) {
    options_.push_back({option, std::move(value)});
}

void Arguments::addWord(std::string word) {
    words_.push_back(std::move(word));
}

bool Arguments::has(std::string_view option) const noexcept {
    return std::any_of(
        options_.begin(), options_.end(), [&](const Given& given) { return given.option == option; });
}

std::optional<std::string> Arguments::value(std::string_view option) const {
    auto all = values(option);
    return all.empty() ? std::nullopt : std::optional(std::move(all.back()));
}

std::vector<std::string> Arguments::values(std::string_view option) const {
    std::vector<std::string> found;
    for (const auto& given : options_)
        if (given.option == option)
            found.push_back(given.value);
    return found;
}

std::vector<std::string> Arguments::wordsBehindFirst() const {
    if (words_.empty())
        return {};
    return {words_.begin() + 1, words_.end()};
}

namespace {

void takeWords(std::vector<std::string> words, Arguments& arguments) {
    for (auto& word : words)
        arguments.addWord(std::move(word));
}

} // namespace

Arguments parseLeading(
    std::span<const Option> options, const std::vector<std::string>& line, std::vector<std::string>& rest) {
    Arguments arguments;
    rest = readOptions(options, line, ReadTo::FirstWord, arguments).words;
    return arguments;
}

Arguments parseLine(
    std::span<const Option> options, const Words& layout, const std::vector<std::string>& line) {
    Arguments arguments;
    if (!layout.command) {
        takeWords(readOptions(options, line, ReadTo::End, arguments).words, arguments);
        return arguments;
    }

    // Options, NAME, options, and then the command, which is not ours to read.
    auto unread = readOptions(options, line, ReadTo::FirstWord, arguments);
    for (std::size_t own = 0; own < layout.own && !unread.optionsEnded && !unread.words.empty(); ++own) {
        arguments.addWord(std::move(unread.words.front()));
        unread.words.erase(unread.words.begin());
        unread = readOptions(options, unread.words, ReadTo::FirstWord, arguments);
    }
    takeWords(std::move(unread.words), arguments);
    return arguments;
}

namespace {

// The word of the synopsis that stands at this place: "NEW" of "OLD NEW", "COMMAND" of "COMMAND…".
std::string placeholder(std::string_view synopsis, std::size_t index) {
    for (;;) {
        const auto word = synopsis.substr(0, synopsis.find(' '));
        if (word != "[--]" && index-- == 0)
            return std::string(word.substr(0, word.find("…")));
        synopsis.remove_prefix(std::min(word.size() + 1, synopsis.size()));
    }
}

} // namespace

void checkWords(const Words& layout, const Arguments& arguments) {
    const auto count = arguments.words().size();
    if (count < layout.least)
        throw UsageError("no " + placeholder(layout.synopsis, count) + " was given");
    if (count > layout.most)
        throw UsageError("one word too many: " + quoted(arguments.words()[layout.most]));
}

} // namespace nsd::client
