// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The manual pages (docs/man) are whole: what nsctl, nsd, the schemas and the contract on the bus have
// stands in them, and nothing else does.
#include "client/help.hpp"
#include "client/verbs/verb.hpp"
#include "daemon/core/rights.hpp"
#include "daemon/options.hpp"
#include "dbus/error_names.hpp"
#include "tests/support/manual_page.hpp"
#include "tests/support/source_tree.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

namespace nsd::test {
namespace {

using Json = nlohmann::json;
using Terms = std::set<std::string>;

// Manual pages are ASCII: what a help writes as "TYPE,…".
std::string ascii(std::string text) {
    const std::string ellipsis = "…";
    for (auto at = text.find(ellipsis); at != std::string::npos; at = text.find(ellipsis))
        text.replace(at, ellipsis.size(), "...");
    return text;
}

std::string termOf(const client::Option& option) {
    std::string term = option.letter != '\0' ? std::string("*-") + option.letter + "*, " : std::string();
    term += std::string("*--") + option.name + "*";
    if (option.value != nullptr)
        term += std::string("=_") + option.value + "_";
    return ascii(term);
}

Terms termsOf(std::span<const client::Option> options) {
    Terms terms;
    for (const auto& option : options)
        terms.insert(termOf(option));
    return terms;
}

Terms optionsIn(const ManualPage& page, const std::string& heading) {
    Terms terms;
    for (const auto& term : page.termsIn(heading))
        if (term.starts_with("*-"))
            terms.insert(term);
    return terms;
}

Terms termsIn(const ManualPage& page, const std::string& heading) {
    const auto terms = page.termsIn(heading);
    return {terms.begin(), terms.end()};
}

// What the groups of `pattern` are in each of its matches.
std::vector<std::smatch> found(const std::string& text, const std::regex& pattern) {
    return {std::sregex_iterator(text.begin(), text.end(), pattern), std::sregex_iterator()};
}

std::string headingOf(const client::Verb& verb) {
    std::string heading = verb.name;
    if (verb.alias != nullptr)
        heading += std::string(" | ") + verb.alias;
    if (!verb.options.empty())
        heading += " [OPTION...]";
    if (*verb.words.synopsis != '\0')
        heading += std::string(" ") + verb.words.synopsis;
    return ascii(heading);
}

TEST(ManualOfNsctl, HasEveryVerbAndNoOther) {
    std::vector<std::string> verbs;
    for (const auto* verb : client::allVerbs())
        verbs.push_back(headingOf(*verb));
    auto headings = ManualPage("nsctl.1").headingsIn("VERBS");
    std::sort(verbs.begin(), verbs.end());
    std::sort(headings.begin(), headings.end());
    EXPECT_EQ(headings, verbs);
}

TEST(ManualOfNsctl, HasTheOptionsOfEveryVerbAndNoOther) {
    const ManualPage page("nsctl.1");
    EXPECT_EQ(optionsIn(page, "OPTIONS"), termsOf(client::leadingOptions()));
    for (const auto* verb : client::allVerbs())
        EXPECT_EQ(optionsIn(page, "VERBS/" + headingOf(*verb)), termsOf(verb->options)) << verb->name;
}

TEST(ManualOfNsctl, SaysSomethingOnEach) {
    const ManualPage page("nsctl.1");
    for (const auto* verb : client::allVerbs()) {
        const auto heading = "VERBS/" + headingOf(*verb);
        const auto lines = page.below(heading);
        EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
            return !line.empty() && !line.starts_with("*-");
        })) << verb->name;
        for (const auto& option : verb->options)
            EXPECT_NE(page.definition(heading, termOf(option)), "") << verb->name << " --" << option.name;
    }
}

TEST(ManualOfNsctl, HasEveryRightThatCanBeGranted) {
    const ManualPage page("nsctl.1");
    Terms rights;
    for (const auto& rule : rightRules())
        if (rule.grantable)
            rights.insert("*" + std::string(rule.word) + "*");
    for (const auto* verb : client::allVerbs()) {
        if (verb->name == std::string("grant")) {
            const auto text = page.below("VERBS/" + headingOf(*verb));
            for (const auto& right : rights)
                EXPECT_NE(std::find(text.begin(), text.end(), right), text.end()) << right;
        }
    }
}

TEST(ManualOfNsd, HasTheOptionsOfNsdAndNoOther) {
    Terms options;
    const auto help = helpText(); // the matches point into it
    for (const auto& option : found(help, std::regex("\\n *(?:(-\\w),)?(--[\\w-]+)(?: ([^ \\n]+))?")))
        options.insert((option[1].matched ? "*" + option[1].str() + "*, " : "") + "*" + option[2].str() +
                       "*" + (option[3].matched ? "=_" + option[3].str() + "_" : ""));
    ASSERT_FALSE(options.empty());
    EXPECT_EQ(termsIn(ManualPage("nsd.8"), "OPTIONS"), options);
}

// Keys with their schemas; those of an object within have its key and a slash in front.
std::map<std::string, Json> keysOf(const Json& schema, const std::string& prefix = "") {
    std::map<std::string, Json> keys;
    for (const auto& [key, value] : schema.at("properties").items()) {
        keys.emplace(prefix + key, value);
        if (value.contains("properties"))
            keys.merge(keysOf(value, prefix + key + "/"));
    }
    return keys;
}

std::map<std::string, Json> keysOfSchema(const std::string& name) {
    return keysOf(Json::parse(readFile(std::string(NSD_TEST_SOURCE_DIR "/config/") + name)));
}

Terms bold(const std::map<std::string, Json>& keys) {
    Terms terms;
    for (const auto& [key, schema] : keys)
        terms.insert("*" + key + "*");
    return terms;
}

TEST(ManualOfSettings, HasEveryKeyWithItsDefault) {
    const ManualPage page("nsd.json.5");
    const auto keys = keysOfSchema("nsd.schema.json");
    EXPECT_EQ(termsIn(page, "SETTINGS"), bold(keys));
    for (const auto& [key, schema] : keys) {
        if (!schema.contains("default"))
            continue;
        const auto& value = schema.at("default");
        const auto text = "Default: " + (value.is_string() ? value.get<std::string>() : value.dump()) + ".";
        const auto definition = page.definition("SETTINGS", "*" + key + "*");
        EXPECT_NE(std::regex_replace(definition, std::regex("\\s+"), " ").find(text), std::string::npos)
            << key << ": " << text;
    }
}

TEST(ManualOfDefinitions, HasEveryKey) {
    EXPECT_EQ(
        termsIn(ManualPage("nsd-namespaces.d.5"), "KEYS"), bold(keysOfSchema("definition.schema.json")));
}

// "s _name_, as _types_": the arguments of a member that go this way.
std::string argumentsOf(const std::string& member, const std::string& direction) {
    std::string text;
    const std::regex pattern("<arg name=\"(\\w+)\" type=\"([^\"]+)\"(?: direction=\"(\\w+)\")?");
    for (const auto& argument : found(member, pattern))
        if (argument[3].str() == direction)
            text += (text.empty() ? "" : ", ") + argument[2].str() + " _" + argument[1].str() + "_";
    return text;
}

struct Contract {
    Terms methods;
    Terms properties;
    Terms signals;
};

Contract contractOf(const std::string& interface) {
    const auto xml = readFile(NSD_TEST_SOURCE_DIR "/dbus/org.nsd1." + interface + ".xml");
    Contract contract;
    for (const auto& method : found(xml, std::regex("<method name=\"(\\w+)\">([^]*?)</method>"))) {
        const auto out = argumentsOf(method[2], "out");
        contract.methods.insert("*" + method[1].str() + "*(" + argumentsOf(method[2], "in") + ")" +
                                (out.empty() ? "" : " -> " + out));
    }
    for (const auto& property : found(xml, std::regex("<property name=\"(\\w+)\" type=\"([^\"]+)\"")))
        contract.properties.insert("*" + property[1].str() + "* " + property[2].str());
    for (const auto& signal : found(xml, std::regex("<signal name=\"(\\w+)\">([^]*?)</signal>")))
        contract.signals.insert("*" + signal[1].str() + "*(" + argumentsOf(signal[2], "") + ")");
    return contract;
}

TEST(ManualOfTheBus, HasEveryMemberWithItsArguments) {
    const ManualPage page("org.nsd1.5");
    for (const auto* interface : {"Manager", "Namespace", "Process"}) {
        std::string section = interface;
        std::transform(section.begin(), section.end(), section.begin(), ::toupper);
        const auto contract = contractOf(interface);
        ASSERT_FALSE(contract.methods.empty());
        EXPECT_EQ(termsIn(page, section + "/Methods"), contract.methods);
        EXPECT_EQ(termsIn(page, section + "/Properties"), contract.properties);
        EXPECT_EQ(termsIn(page, section + "/Signals"), contract.signals);
    }
}

TEST(ManualOfTheBus, HasEveryError) {
    Terms errors;
    const std::string prefix = "org.nsd1.Error.";
    for (const auto code : allErrcs()) {
        const auto name = dbus::errorName(code);
        errors.insert("*" + (name.starts_with(prefix) ? name.substr(prefix.size()) : name) + "*");
    }
    EXPECT_EQ(termsIn(ManualPage("org.nsd1.5"), "ERRORS"), errors);
}

TEST(ManualOfTheBus, HasEveryOptionThatIsRead) {
    const ManualPage page("org.nsd1.5");
    const std::regex reading("take\\w*(?:<[\\w:<>, ]*>)?\\((?:\\w+, )?\"([a-z][a-z-]*)\"");
    std::size_t options = 0;
    for (const auto& file : sourceTree()) {
        if (!file.path.starts_with("daemon/bus/"))
            continue;
        for (const auto& line : file.lines)
            for (const auto& option : found(line, reading)) {
                ++options;
                EXPECT_NE(page.text().find("*" + option[1].str() + "* "), std::string::npos)
                    << option[1] << ", which " << file.path << " reads";
            }
    }
    EXPECT_GT(options, 20U);
}

TEST(ManualOfTheBus, HasEveryRight) {
    Terms rights;
    for (const auto& rule : rightRules())
        rights.insert(std::string(rule.word));
    const ManualPage page("org.nsd1.5");
    for (const auto& term : page.termsIn("RIGHTS"))
        if (term.ends_with('*')) {
            EXPECT_EQ(rights.count(term.substr(1, term.size() - 2)), 1U) << term;
        }
    for (const auto& rule : methodRules())
        if (!rule.action.empty()) {
            const auto word = std::string(rule.action.substr(rule.action.rfind('.') + 1));
            EXPECT_NE(page.definition("RIGHTS", "*" + word + "*"), "") << word;
        }
}

} // namespace
} // namespace nsd::test
