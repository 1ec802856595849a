// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/rights.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <string>

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

TEST(Rights, EveryMethodOfTheContractHasARow) {
    for (const auto* interface : {"org.nsd1.Manager", "org.nsd1.Namespace"})
        for (const auto& method : methodsOf(interface))
            EXPECT_NE(ruleOf(method), nullptr) << interface << '.' << method << " is refused to everybody";
}

TEST(Rights, NoRowIsForAMethodThatDoesNotExist) {
    auto methods = methodsOf("org.nsd1.Manager");
    methods.merge(methodsOf("org.nsd1.Namespace"));
    std::set<std::string_view> seen;
    for (const auto& rule : methodRules()) {
        EXPECT_TRUE(methods.contains(std::string(rule.method))) << rule.method;
        EXPECT_TRUE(seen.insert(rule.method).second) << rule.method << " has two rows";
    }
}

TEST(Rights, ActionsAreCalledByTheirRight) {
    for (const auto& rule : methodRules()) {
        const bool asked = rule.right != Right::View && rule.right != Right::Admin;
        EXPECT_EQ(rule.action, asked ? "org.nsd1." + std::string(toWord(rule.right)) : "") << rule.method;
        EXPECT_TRUE(rule.right != Right::View || !rule.changesState) << rule.method;
    }
}

TEST(Rights, AnUnknownMethodHasNoRow) {
    EXPECT_EQ(ruleOf(""), nullptr);
    EXPECT_EQ(ruleOf("create"), nullptr);
    EXPECT_EQ(ruleOf("CreateEverything"), nullptr);
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
