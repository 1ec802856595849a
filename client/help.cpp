// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/help.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace nsd::client {
namespace {

// The first alone is not for behind the verb: what follows it goes to that host.
constexpr std::array options{
    Option{"host", 'H', "[USER@]HOST",
        "on that host, by ssh; repeated, with list, status, create and destroy: on all of them at once"},
    Option{"bus", '\0', "ADDRESS",
        "the bus where nsd is (default: NSD_BUS_ADDRESS, the system bus, /run/nsd/bus)"},
    Option{"json", '\0', "FORM", "short, pretty or off"},
    Option{"no-legend", '\0', nullptr, "tables without the line of headings"},
    Option{"no-ask-password", '\0', nullptr, "never let polkit ask somebody"},
    Option{"quiet", 'q', nullptr, "say nothing that was not asked for"},
    Option{"help", 'h', nullptr, "show this"},
    Option{"version", '\0', nullptr, "show the version of nsctl"},
};

std::string leftColumn(const Option& option) {
    std::string text =
        option.letter != '\0' ? std::string("  -") + option.letter + ", --" : std::string("      --");
    text += option.name;
    if (option.value != nullptr)
        text += std::string(" ") + option.value;
    return text;
}

// Characters, not bytes: "TYPE,…" has both.
std::size_t columns(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

std::string padded(std::string text, std::size_t width) {
    text.append(width - std::min(columns(text), width), ' ');
    return text;
}

std::string describeOptions(std::span<const Option> all) {
    std::size_t width = 0;
    for (const auto& option : all)
        width = std::max(width, columns(leftColumn(option)));
    std::string text;
    for (const auto& option : all)
        text += padded(leftColumn(option), width) + "  " + option.help + "\n";
    return text;
}

std::string describeVerbs() {
    const auto left = [](const Verb& verb) {
        std::string text = std::string("  ") + verb.name;
        if (verb.alias != nullptr)
            text += std::string(" | ") + verb.alias;
        return text + " " + verb.words.synopsis;
    };
    std::size_t width = 0;
    for (const auto* verb : allVerbs())
        width = std::max(width, columns(left(*verb)));
    std::string text;
    for (const auto* verb : allVerbs())
        text += padded(left(*verb), width) + "  " + verb->summary + "\n";
    return text;
}

} // namespace

std::span<const Option> leadingOptions() noexcept {
    return options;
}

std::span<const Option> globalOptions() noexcept {
    return leadingOptions().subspan(1);
}

std::string helpText() {
    return "nsctl [OPTION…] VERB …: named Linux namespaces\n\n"
           "Verbs (nsctl VERB --help tells more):\n" +
           describeVerbs() + "\nOptions:\n" + describeOptions(options) +
           "\nExit status: 0; 1 error; 2 wrong usage; 3 no daemon; exec, shell, run, hold and socket: the "
           "command's own.";
}

std::string helpText(const Verb& verb) {
    std::string text = std::string("nsctl ") + verb.name;
    if (!verb.options.empty())
        text += " [OPTION…]";
    if (*verb.words.synopsis != '\0')
        text += std::string(" ") + verb.words.synopsis;
    text += std::string(": ") + verb.summary + "\n";
    if (verb.alias != nullptr)
        text += std::string("Also: nsctl ") + verb.alias + "\n";
    if (!verb.options.empty())
        text += "\n" + describeOptions(verb.options);
    if (*verb.notes != '\0')
        text += std::string("\n") + verb.notes + "\n";
    return text + "\nExample: " + verb.example + "\nFor the options of every verb: nsctl --help";
}

} // namespace nsd::client
