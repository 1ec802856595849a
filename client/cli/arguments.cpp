// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/arguments.hpp"

#include "common/quote.hpp"

#include <algorithm>
#include <getopt.h>
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

// getopt_long(3) writes to a char**, and counts from argv[1].
std::vector<char*> argvOf(std::vector<std::string>& line) {
    std::vector<char*> argv{program_invocation_short_name};
    for (auto& word : line)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    return argv;
}

// What getopt_long(3) is told, and how its answer leads back to the option.
class Scanner {
  public:
    // '+' stops at the first word; without it words and options may be mixed.
    Scanner(std::span<const Option> options, bool stopAtWord) : options_(options) {
        letters_ = stopAtWord ? "+:" : ":";
        for (std::size_t i = 0; i < options.size(); ++i) {
            const auto& option = options[i];
            const int takes = option.value != nullptr ? required_argument : no_argument;
            longs_.push_back({option.name, takes, nullptr, firstIndex + static_cast<int>(i)});
            if (option.letter == '\0')
                continue;
            letters_ += option.letter;
            if (takes == required_argument)
                letters_ += ':';
        }
        longs_.push_back({nullptr, 0, nullptr, 0});
    }

    // Reads options until there are no more; answers the index in `line` of the first word.
    std::size_t scan(std::vector<std::string>& line, Arguments& arguments) {
        auto argv = argvOf(line);
        const int argc = static_cast<int>(argv.size()) - 1;
        ::optind = 0; // glibc: start afresh
        ::opterr = 0;
        for (;;) {
            const int answer = ::getopt_long(argc, argv.data(), letters_.c_str(), longs_.data(), nullptr);
            if (answer < 0)
                break;
            const auto* option = find(answer);
            if (option == nullptr)
                fail(answer, argv);
            arguments.add(option->name, ::optarg != nullptr ? ::optarg : "");
        }
        // It may have moved the words behind the options.
        std::vector<std::string> sorted(argv.begin() + 1, argv.end() - 1);
        line.swap(sorted);
        return static_cast<std::size_t>(::optind) - 1;
    }

  private:
    static constexpr int firstIndex = 256; // above every letter

    [[nodiscard]] const Option* find(int answer) const noexcept {
        if (answer >= firstIndex)
            return &options_[static_cast<std::size_t>(answer - firstIndex)];
        for (const auto& option : options_)
            if (option.letter != '\0' && option.letter == answer)
                return &option;
        return nullptr;
    }

    [[noreturn]] void fail(int answer, const std::vector<char*>& argv) const {
        const bool isLong = ::optopt == 0 || ::optopt >= firstIndex;
        const std::string given = isLong ? argv[static_cast<std::size_t>(::optind) - 1]
                                         : std::string{'-', static_cast<char>(::optopt)};
        if (answer == ':')
            throw UsageError("option " + given + " needs a value");
        if (::optopt >= firstIndex)
            throw UsageError("option " + given.substr(0, given.find('=')) + " takes no value");
        throw UsageError("unknown option " + quoted(given) + candidates(given));
    }

    // " (--label or --lease?)" for what is an abbreviation of more than one.
    [[nodiscard]] std::string candidates(std::string_view given) const {
        std::string text;
        if (given.substr(0, 2) != "--" || given.size() == 2)
            return text;
        const auto stem = given.substr(2, given.find('=') - 2);
        for (const auto& option : options_)
            if (std::string_view(option.name).substr(0, stem.size()) == stem)
                text += (text.empty() ? " (--" : " or --") + std::string(option.name);
        return text.empty() ? text : text + "?)";
    }

    std::span<const Option> options_;
    std::string letters_;
    std::vector<::option> longs_;
};

void takeWords(std::vector<std::string>& line, std::size_t from, Arguments& arguments) {
    for (; from < line.size(); ++from)
        arguments.addWord(std::move(line[from]));
}

} // namespace

Arguments parseLeading(
    std::span<const Option> options, const std::vector<std::string>& line, std::vector<std::string>& rest) {
    Arguments arguments;
    auto copy = line;
    const auto end = Scanner(options, true).scan(copy, arguments);
    rest.assign(copy.begin() + static_cast<std::ptrdiff_t>(end), copy.end());
    return arguments;
}

Arguments parseLine(
    std::span<const Option> options, const Words& layout, const std::vector<std::string>& line) {
    Arguments arguments;
    if (!layout.command) {
        auto copy = line;
        const auto end = Scanner(options, false).scan(copy, arguments);
        takeWords(copy, end, arguments);
        return arguments;
    }

    // Options, NAME, options, and then the command, which is not ours to read.
    auto rest = line;
    bool ended = false;
    for (std::size_t own = 0; own < layout.own && !ended; ++own) {
        const auto word = Scanner(options, true).scan(rest, arguments);
        if (word == rest.size())
            return arguments;
        arguments.addWord(rest[word]);
        ended = word > 0 && rest[word - 1] == "--";
        rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(word) + 1);
    }
    takeWords(rest, ended ? 0 : Scanner(options, true).scan(rest, arguments), arguments);
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
