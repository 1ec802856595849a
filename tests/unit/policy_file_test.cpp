// SPDX-License-Identifier: LGPL-2.1-or-later
//
// dbus/org.nsd1.policy against the tables of rights: polkit refuses what it has no action for.
#include "daemon/core/rights.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace nsd::test {
namespace {

struct Action {
    std::string description;
    std::string message;
    std::string defaults; // any, inactive, active
};

std::string between(const std::string& text, const std::string& tag) {
    const auto from = text.find("<" + tag + ">");
    const auto to = text.find("</" + tag + ">");
    if (from == std::string::npos || to == std::string::npos)
        return "";
    const auto start = from + tag.size() + 2;
    return text.substr(start, to - start);
}

std::map<std::string, Action> readActions() {
    const auto text = readFile(NSD_TEST_SOURCE_DIR "/dbus/org.nsd1.policy");
    const std::regex element(R"re(<action id="([^"]*)">([^]*?)</action>)re");
    std::map<std::string, Action> actions;
    for (auto it = std::sregex_iterator(text.begin(), text.end(), element); it != std::sregex_iterator();
         ++it) {
        const auto body = (*it)[2].str();
        const Action action{between(body, "description"), between(body, "message"),
            between(body, "allow_any") + ' ' + between(body, "allow_inactive") + ' ' +
                between(body, "allow_active")};
        EXPECT_TRUE(actions.emplace((*it)[1], action).second) << (*it)[1] << " is there twice";
    }
    return actions;
}

// What polkit may be asked for: every right but those that everybody or nobody but root has, and a
// process's, which is its user's alone.
bool isAskedAbout(Right right) {
    return right != Right::View && right != Right::Admin && right != Right::Process;
}

std::string actionOf(Right right) {
    return "org.nsd1." + std::string(toWord(right == Right::GrantLink ? Right::Grant : right));
}

TEST(PolicyFile, everyRowsActionIsInIt) {
    const auto actions = readActions();
    for (const auto& rule : methodRules()) {
        if (!rule.action.empty()) {
            EXPECT_TRUE(actions.contains(std::string(rule.action))) << rule.method << ' ' << rule.action;
            EXPECT_EQ(rule.action, actionOf(rule.right)) << rule.method;
        }
    }
}

TEST(PolicyFile, itHasAnActionForEachRightAndNoOther) {
    std::set<std::string> expected;
    for (const auto& rule : rightRules())
        if (isAskedAbout(rule.right))
            expected.insert(actionOf(rule.right));
    std::set<std::string> found;
    for (const auto& [id, action] : readActions())
        found.insert(id);
    EXPECT_EQ(found, expected);
}

TEST(PolicyFile, eachActionSaysWhatItIsAbout) {
    for (const auto& [id, action] : readActions()) {
        EXPECT_NE(action.description, "") << id;
        EXPECT_TRUE(action.message.starts_with("Authentication is required to ")) << id;
        EXPECT_TRUE(action.message.ends_with(".")) << id;
    }
}

TEST(PolicyFile, aMessageNamesTheNamespaceOnceThereIsOne) {
    for (const auto& rule : methodRules()) {
        const bool before =
            rule.right == Right::Create || rule.right == Right::CreateRootless || rule.right == Right::Adopt;
        if (!rule.action.empty()) {
            const auto message = readActions()[std::string(rule.action)].message;
            EXPECT_EQ(message.find("$(namespace)") == std::string::npos, before) << rule.method;
        }
    }
}

TEST(PolicyFile, whatIsNobodysRightNeedsAnAdministrator) {
    for (const auto& [id, action] : readActions())
        EXPECT_EQ(action.defaults, "auth_admin auth_admin auth_admin_keep") << id;
}

} // namespace
} // namespace nsd::test
