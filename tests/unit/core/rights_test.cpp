// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/rights.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <string>
#include <string_view>

namespace nsd::test {
namespace {

std::set<std::string> methodsOf(const std::string& interface) {
    const auto xml = readFile(std::string(NSD_TEST_SOURCE_DIR) + "/dbus/" + interface + ".xml");
    const std::regex method("<method name=\"([A-Za-z]+)\"");
    std::set<std::string> names;
    for (std::sregex_iterator next(xml.begin(), xml.end(), method), end; next != end; ++next)
        names.insert((*next)[1]);
    EXPECT_FALSE(names.empty()) << interface;
    return names;
}

// Of all interfaces of nsd's own; that of the log has properties alone.
std::set<std::string> allMethods() {
    std::set<std::string> methods;
    for (const auto& entry : std::filesystem::directory_iterator(NSD_TEST_SOURCE_DIR "/dbus"))
        if (entry.path().extension() == ".xml" && entry.path().stem().string().starts_with("org.nsd1."))
            methods.merge(methodsOf(entry.path().stem()));
    return methods;
}

// "Create rootless" is a case of Create.
std::string methodOf(const MethodRule& rule) {
    return std::string(rule.method.substr(0, rule.method.find(' ')));
}

TEST(Rights, EveryMethodOfTheContractHasARow) {
    for (const auto& method : allMethods())
        EXPECT_NE(ruleOf(method), nullptr) << method << " is refused to everybody";
}

TEST(Rights, NoRowIsForAMethodThatDoesNotExist) {
    const auto methods = allMethods();
    std::set<std::string_view> seen;
    for (const auto& rule : methodRules()) {
        EXPECT_TRUE(methods.contains(methodOf(rule))) << rule.method;
        EXPECT_TRUE(seen.insert(rule.method).second) << rule.method << " has two rows";
    }
}

TEST(Rights, ActionsAreCalledByTheirRight) {
    for (const auto& rule : methodRules()) {
        const auto word = rule.right == Right::GrantLink ? "grant" : toWord(rule.right);
        if (!rule.action.empty()) {
            EXPECT_EQ(rule.action, "org.nsd1." + std::string(word)) << rule.method;
        }
    }
}

TEST(Rights, NobodyIsAskedAboutWhatIsEverybodysOrRootsAlone) {
    for (const auto& rule : methodRules()) {
        EXPECT_TRUE(rule.action.empty() || !rule.everybodys) << rule.method;
        EXPECT_TRUE(rule.action.empty() || rule.right != Right::View) << rule.method;
        EXPECT_EQ(rule.right == Right::View, rule.everybodys && !rule.changesState) << rule.method;
    }
}

TEST(Rights, AnUnknownMethodHasNoRow) {
    EXPECT_EQ(ruleOf(""), nullptr);
    EXPECT_EQ(ruleOf("create"), nullptr);
    EXPECT_EQ(ruleOf("CreateEverything"), nullptr);
}

TEST(Rights, OfOnesOwnAreNobodysForWhoeverMayBeAnybody) {
    static_assert(isOwn(1000, 1000) && !isOwn(1000, 1001));
    static_assert(isOwn(0, 1000) && isOwn(0, 65534) && isOwn(0, 4294967295));
    static_assert(!isOwn(65534, 65534) && !isOwn(4294967295, 4294967295));
}

TEST(Rights, AreReadByTheirWord) {
    for (const auto& rule : rightRules())
        EXPECT_EQ(rightFromWord(rule.word), rule.right) << rule.word;
    EXPECT_EQ(rightFromWord(""), std::nullopt);
    EXPECT_EQ(rightFromWord("everything"), std::nullopt);
}

TEST(Rights, HaveAWordEach) {
    std::set<std::string_view> words;
    for (int right = 0; right <= static_cast<int>(Right::Admin); ++right)
        words.insert(toWord(static_cast<Right>(right)));
    EXPECT_EQ(words.size(), static_cast<std::size_t>(Right::Admin) + 1);
    EXPECT_FALSE(words.contains(""));
}

} // namespace
} // namespace nsd::test
