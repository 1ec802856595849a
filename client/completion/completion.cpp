// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/completion/completion.hpp"

#include "client/completion/line_position.hpp"
#include "client/completion/suggestions.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <string_view>
#include <unistd.h>

namespace nsd::client {
namespace {

using Kind = void (Suggestions::*)();

struct Row {
    std::string_view placeholder; // of a synopsis, or of an option's value
    Kind kind;
};

// What the words of verbs are; a choice ("move|return|list") says so itself.
constexpr std::array wordRows{
    Row{"NAME", &Suggestions::namespaces},
    Row{"OLD", &Suggestions::namespaces},
    Row{"NEW", &Suggestions::nothing},
    Row{"VERB", &Suggestions::verbs},
    Row{"FILE", &Suggestions::files},
    Row{"LINK", &Suggestions::links},
    Row{"TYPE=FILE", &Suggestions::typedFiles},
    Row{"UNIT", &Suggestions::units},
    Row{"K=V", &Suggestions::labelChanges},
    Row{"user:U|group:G", &Suggestions::grantees},
    Row{"RIGHTS", &Suggestions::rights},
    Row{"tcp|udp[6][:ADDRESS:PORT]", &Suggestions::socketKinds},
    Row{"tcp:ADDRESS:PORT:[ADDRESS:]PORT", &Suggestions::forwardedPort},
};

// What the values of options are, where there is something to suggest.
constexpr std::array valueRows{
    Row{"TYPE,…", &Suggestions::types},
    Row{"USER", &Suggestions::users},
    Row{"PID", &Suggestions::processes},
    Row{"DIR", &Suggestions::directories},
    Row{"FORM", &Suggestions::jsonForms},
    Row{"WHAT", &Suggestions::waitedFor},
    Row{"HOW", &Suggestions::propagations},
    Row{"STATE", &Suggestions::states},
    Row{"COLUMN,…", &Suggestions::columns},
    Row{"LINK", &Suggestions::links},
    Row{"FILE", &Suggestions::files},
    Row{"FILE|DIR", &Suggestions::files},
};

// Where the name alone does not say it.
struct Exception {
    std::string_view owner; // the verb, or the option
    std::string_view placeholder;
    Kind kind;
};
constexpr std::array wordExceptions{
    Exception{"create", "NAME", &Suggestions::nothing}, // a new one
    Exception{"adopt", "NAME", &Suggestions::nothing},
    Exception{"import", "NAME", &Suggestions::namedNetworks},
};
constexpr std::array valueExceptions{
    Exception{"label", "K=V", &Suggestions::labels},
};

template <class Exceptions, class Rows>
Kind kindOf(const Exceptions& exceptions, const Rows& rows, std::string_view owner,
    std::string_view placeholder) noexcept {
    for (const auto& exception : exceptions)
        if (exception.owner == owner && exception.placeholder == placeholder)
            return exception.kind;
    for (const auto& row : rows)
        if (row.placeholder == placeholder)
            return row.kind;
    return nullptr;
}

// "move|return|list"
bool isChoice(std::string_view placeholder) noexcept {
    return placeholder.find('|') != std::string_view::npos &&
           std::all_of(placeholder.begin(), placeholder.end(),
               [](char c) { return (c >= 'a' && c <= 'z') || c == '|'; });
}

void completeWord(const LinePosition& at, Suggestions& suggestions) {
    const auto placeholders = placeholdersOf(at.verb->words.synopsis);
    if (placeholders.empty() || at.word >= at.verb->words.most) {
        if (at.optionsAllowed)
            suggestions.optionNames();
        return;
    }
    const auto& placeholder = placeholders[std::min(at.word, placeholders.size() - 1)];
    if (isChoice(placeholder))
        suggestions.choice(placeholder);
    else if (const auto kind = kindOf(wordExceptions, wordRows, at.verb->name, placeholder))
        (suggestions.*kind)();
}

void completeValue(const LinePosition& at, Suggestions& suggestions) {
    if (const auto kind = kindOf(valueExceptions, valueRows, at.option.name, at.option.value))
        (suggestions.*kind)();
}

// A line of its own: what processes call themselves may have anything in it.
std::string printable(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; },
        ' ');
    return text;
}

std::string textOf(const Completion& completion) {
    std::string text;
    for (const auto& [word, description] : completion.suggestions)
        text += printable(word) + "\t" + printable(description) + "\n";
    if (completion.files != Completion::Files::None)
        text += (completion.files == Completion::Files::All ? ":files " : ":directories ") +
                std::to_string(completion.filesFrom) + "\n";
    if (completion.command)
        text += ":command " + std::to_string(*completion.command) + "\n";
    return text;
}

// A user who waits for a key's echo does not wait for a bus, a user database or systemd that hangs: the
// process ends, and nothing is completed.
class Deadline {
  public:
    Deadline() {
        constexpr unsigned seconds = 2;
        before_ = ::signal(SIGALRM, [](int) { ::_exit(exitSuccess); });
        ::alarm(seconds);
    }
    ~Deadline() {
        ::alarm(0);
        ::signal(SIGALRM, before_);
    }
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

  private:
    sighandler_t before_;
};

} // namespace

Completion complete(const std::vector<std::string>& words, Surroundings& surroundings) {
    const auto at = findPosition(words);
    Suggestions suggestions(at, surroundings);
    switch (at.expected) {
    case LinePosition::Expected::Nothing:
        break;
    case LinePosition::Expected::Verb:
        suggestions.verbs();
        break;
    case LinePosition::Expected::OptionName:
        suggestions.optionNames();
        break;
    case LinePosition::Expected::OptionValue:
        completeValue(at, suggestions);
        break;
    case LinePosition::Expected::Word:
        completeWord(at, suggestions);
        break;
    case LinePosition::Expected::Command:
        suggestions.command();
        break;
    }
    return suggestions.take();
}

int runCompletion(const std::vector<std::string>& words, Surroundings& surroundings) {
    const Deadline deadline;
    surroundings.console.print(textOf(complete(words, surroundings)));
    return exitSuccess;
}

bool isWordKnown(const std::string& placeholder) {
    return isChoice(placeholder) || kindOf(wordExceptions, wordRows, "", placeholder) != nullptr;
}

} // namespace nsd::client
