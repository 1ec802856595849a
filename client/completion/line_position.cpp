// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/completion/line_position.hpp"

#include "client/cli/option_parser.hpp"
#include "client/cli/values.hpp"
#include "client/help.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace nsd::client {
namespace {

const Verb* verbOf(const std::string& word) {
    try {
        return &findVerb(word);
    } catch (const UsageError&) {
        return nullptr;
    }
}

std::optional<Option> shortOption(const std::vector<Option>& options, char letter) {
    const auto found = std::find_if(
        options.begin(), options.end(), [&](const Option& option) { return option.letter == letter; });
    return letter != '\0' && found != options.end() ? std::optional(*found) : std::nullopt;
}

// One word that begins with '-': the last option in it, and where its value begins.
struct OptionWord {
    std::optional<Option> option; // empty: it is not known
    std::optional<std::size_t> value;
};

OptionWord readOptionWord(const std::vector<Option>& options, const std::string& word) {
    if (word.starts_with("--")) {
        const auto equals = word.find('=');
        const auto* named = optionNamed(options, std::string_view(word).substr(2, equals - 2));
        const auto option = named != nullptr ? std::optional(*named) : std::nullopt;
        if (equals == std::string::npos)
            return {option, std::nullopt};
        return {option, equals + 1};
    }
    OptionWord last;
    for (std::size_t i = 1; i < word.size(); ++i) {
        last.option = shortOption(options, word[i]);
        if (!last.option)
            break;
        if (last.option->value != nullptr) {
            if (i + 1 < word.size())
                last.value = i + 1;
            break;
        }
    }
    return last;
}

class LineReader {
  public:
    LinePosition read(const std::vector<std::string>& words) {
        for (std::size_t i = 0; i + 1 < words.size(); ++i)
            if (!pass(words[i], i))
                return std::move(at_);
        finish(words.empty() ? std::string() : words.back(), words.empty() ? 0 : words.size() - 1);
        return std::move(at_);
    }

  private:
    [[nodiscard]] bool isOption(const std::string& word) const {
        return at_.optionsAllowed && word.size() > 1 && word.front() == '-';
    }
    [[nodiscard]] bool commandBegins() const {
        return at_.verb != nullptr && at_.verb->words.command &&
               at_.given.words().size() >= at_.verb->words.own;
    }
    void beginCommand(std::size_t index) {
        at_.expected = LinePosition::Expected::Command;
        at_.command = index;
    }

    // Reads a word that is whole; false: what follows is decided.
    bool pass(const std::string& word, std::size_t index) {
        if (pending_) {
            at_.given.add(pending_->name, word);
            pending_.reset();
        } else if (at_.optionsAllowed && word == "--") {
            at_.optionsAllowed = false;
        } else if (isOption(word)) {
            passOption(word);
        } else if (at_.verb == nullptr) {
            at_.verb = verbOf(word);
            options_ = optionsFor(at_.verb);
            at_.optionsAllowed = true;
            return at_.verb != nullptr;
        } else if (commandBegins()) {
            beginCommand(index);
            return false;
        } else {
            at_.given.addWord(word);
        }
        return true;
    }

    void passOption(const std::string& word) {
        auto [option, value] = readOptionWord(options_, word);
        if (!option)
            return;
        if (option->value != nullptr && !value)
            pending_ = option;
        else
            at_.given.add(option->name, value ? word.substr(*value) : std::string());
    }

    void finish(const std::string& word, std::size_t index) {
        at_.typed = word;
        if (pending_)
            expectValue(*pending_, 0);
        else if (at_.optionsAllowed && word.starts_with('-'))
            finishOption(word);
        else if (at_.verb == nullptr)
            at_.expected = LinePosition::Expected::Verb;
        else if (commandBegins())
            beginCommand(index);
        else {
            at_.expected = LinePosition::Expected::Word;
            at_.word = at_.given.words().size();
        }
    }

    void finishOption(const std::string& word) {
        const auto [option, value] = readOptionWord(options_, word);
        const bool isShort = word.size() > 1 && word[1] != '-';
        if (option && option->value != nullptr && (value || isShort))
            expectValue(*option, value.value_or(word.size()));
        else
            at_.expected = LinePosition::Expected::OptionName;
    }

    void expectValue(const Option& option, std::size_t from) {
        at_.expected = LinePosition::Expected::OptionValue;
        at_.option = option;
        at_.before = at_.typed.substr(0, from);
        at_.typed.erase(0, from);
    }

    LinePosition at_;
    std::vector<Option> options_ = optionsFor(nullptr);
    std::optional<Option> pending_; // its value is the next word
};

} // namespace

LinePosition findPosition(const std::vector<std::string>& words) {
    return LineReader().read(words);
}

std::vector<Option> optionsFor(const Verb* verb) {
    std::vector<Option> options;
    if (verb != nullptr)
        options.assign(verb->options.begin(), verb->options.end());
    const auto common = verb == nullptr ? leadingOptions() : globalOptions();
    options.insert(options.end(), common.begin(), common.end());
    return options;
}

std::vector<std::string> placeholdersOf(std::string_view synopsis) {
    std::vector<std::string> placeholders;
    bool isValue = false;
    for (auto& word : split(synopsis, ' ')) {
        const bool isOption = word.starts_with("--");
        const bool skip = word.empty() || word == "|" || word == "[--]" || isOption || isValue;
        isValue = isOption;
        if (skip)
            continue;
        if (const auto more = word.find("…"); more != std::string::npos)
            word.erase(more, std::string_view("…").size());
        if (word.starts_with('[') && word.ends_with(']'))
            word = word.substr(1, word.size() - 2);
        placeholders.push_back(std::move(word));
    }
    return placeholders;
}

} // namespace nsd::client
