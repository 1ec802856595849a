// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the documents say about the contract (dbus/*.xml) and about nsctl is whole, and names nothing that
// is not there. (tests/system/docs_test runs their examples.)
#include "client/verbs/verb.hpp"
#include "tests/support/source_tree.hpp"

#include <cctype>
#include <filesystem>
#include <gtest/gtest.h>
#include <regex>
#include <string>
#include <vector>

namespace nsd::test {
namespace {

using Words = std::vector<std::string>;

std::string textOf(const std::filesystem::path& document) {
    std::string text;
    for (const auto& line : linesOf(document))
        text += line + "\n";
    return text;
}

// What the first group of `pattern` is in each of its matches.
Words found(const std::string& text, const std::string& pattern) {
    const std::regex regex(pattern);
    Words words;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), regex); at != std::sregex_iterator(); ++at)
        words.push_back((*at)[1]);
    return words;
}

bool names(const std::string& text, const std::string& word) {
    return std::regex_search(text, std::regex("\\b" + word + "\\b"));
}

// That has this in it.
std::string paragraphOf(const std::string& text, const std::string& phrase) {
    const auto at = text.find(phrase);
    if (at == std::string::npos)
        return "";
    const auto begin = text.rfind("\n\n", at);
    return text.substr(begin, text.find("\n\n", at) - begin);
}

Words documents() {
    Words paths{"README.md"};
    for (const auto& entry : std::filesystem::directory_iterator(NSD_TEST_SOURCE_DIR "/docs"))
        if (entry.path().extension() == ".md")
            paths.push_back("docs/" + entry.path().filename().string());
    return paths;
}

// "## Rights and polkit" is #rights-and-polkit.
bool hasHeading(const std::string& document, const std::string& anchor) {
    for (const auto& line : linesOf(document)) {
        const auto title = line.find_first_not_of('#');
        if (title == 0 || title == std::string::npos)
            continue;
        std::string words;
        for (const char c : line.substr(title + 1))
            if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == ' ' || c == '-' || c == '_')
                words += c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (words == anchor)
            return true;
    }
    return false;
}

constexpr auto manual = "docs/dbus-api.md";

TEST(Documents, NameEveryMemberOfTheContract) {
    const auto text = textOf(manual);
    for (const auto* interface : {"Manager", "Namespace", "Process"}) {
        const auto contract = textOf(std::string("dbus/org.nsd1.") + interface + ".xml");
        const auto members = found(contract, "<(?:method|property|signal) name=\"(\\w+)\"");
        ASSERT_FALSE(members.empty());
        for (const auto& member : members)
            EXPECT_TRUE(names(text, member)) << interface << "." << member;
    }
}

TEST(Documents, NameTheMethodsOfANamespacesObject) {
    const auto paragraph = paragraphOf(textOf(manual), "methods of the namespace's object");
    for (const auto& method : found(textOf("dbus/org.nsd1.Namespace.xml"), "<method name=\"(\\w+)\""))
        EXPECT_TRUE(names(paragraph, method)) << method << " in" << paragraph;
}

TEST(Documents, NameEveryEvent) {
    const auto paragraph = paragraphOf(textOf(manual), "`NamespaceEvent(");
    const auto events = found(textOf("dbus/org.nsd1.Manager.xml"), "<!-- what: (.*) -->");
    ASSERT_EQ(events.size(), 1U);
    for (const auto& event : found(events.front(), "(\\w+)"))
        EXPECT_TRUE(names(paragraph, event)) << event << " in" << paragraph;
}

TEST(Documents, NameNoVerbThatNsctlDoesNotHave) {
    auto texts = documents();
    texts.emplace_back("config/nsd.json");
    for (const auto& document : texts)
        for (const auto& verb : found(textOf(document), "[`$] ?nsctl ([a-z]+)"))
            EXPECT_NO_THROW(static_cast<void>(client::findVerb(verb))) << document << ": nsctl " << verb;
}

TEST(Documents, LinkToWhatIsThere) {
    std::size_t links = 0;
    for (const auto& document : documents())
        for (const auto& link : found(textOf(document), "\\]\\(([^)\\s]+)\\)")) {
            if (link.find("://") != std::string::npos)
                continue;
            ++links;
            const auto hash = link.find('#');
            const auto file = link.substr(0, hash);
            const auto target =
                file.empty()
                    ? document
                    : (std::filesystem::path(document).parent_path() / file).lexically_normal().string();
            ASSERT_TRUE(std::filesystem::exists(NSD_TEST_SOURCE_DIR "/" + target))
                << document << ": " << link;
            if (hash != std::string::npos) {
                EXPECT_TRUE(hasHeading(target, link.substr(hash + 1))) << document << ": " << link;
            }
        }
    EXPECT_GT(links, 5U);
}

} // namespace
} // namespace nsd::test
