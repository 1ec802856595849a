// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/host_check.hpp"

#include "common/error.hpp"
#include "tests/kernel/kernel_fixture.hpp"

#include <unistd.h>

namespace nsd::test {
namespace {

HostFacts goodHost() {
    HostFacts facts;
    facts.startedBySystemd = true;
    facts.ownMountNamespace = 1;
    facts.mountNamespaceOfProcess1 = 1;
    return facts;
}

TEST(HostCheckTest, TakesTheHost) {
    MemoryLog log;
    EXPECT_NO_THROW(checkHost(goodHost(), log));
    EXPECT_TRUE(log.lines().empty());
}

TEST(HostCheckTest, RefusesAnybodyButRoot) {
    MemoryLog log;
    auto facts = goodHost();
    facts.euid = 1000;
    EXPECT_THROW(checkHost(facts, log), Error);
}

TEST(HostCheckTest, RefusesASandboxOfSystemdAndNamesWhatMakesOne) {
    MemoryLog log;
    auto facts = goodHost();
    facts.ownMountNamespace = 2;
    try {
        checkHost(facts, log);
        FAIL() << "nsd would pin where nobody sees it";
    } catch (const Error& error) {
        for (const auto* option : {"PrivateTmp=", "ProtectSystem=", "nsd.service"})
            EXPECT_NE(error.text().find(option), std::string::npos) << error.text();
    }
}

TEST(HostCheckTest, OnlyWarnsInAContainer) {
    MemoryLog log;
    auto facts = goodHost();
    facts.ownMountNamespace = 2;
    facts.inContainer = true;
    EXPECT_NO_THROW(checkHost(facts, log));
    ASSERT_EQ(log.lines().size(), 1U);
    EXPECT_EQ(log.lines().front().front(), 'W');
}

TEST(HostCheckTest, AManWhoStartsItInANamespaceOfHisOwnMeansIt) {
    MemoryLog log;
    auto facts = goodHost();
    facts.startedBySystemd = false;
    facts.ownMountNamespace = 2;
    EXPECT_NO_THROW(checkHost(facts, log));
}

TEST(HostCheckTest, SaysSoAtDebugWhereItCannotTell) {
    MemoryLog log;
    auto facts = goodHost();
    facts.mountNamespaceOfProcess1.reset();
    facts.whyUnreadable = "Permission denied";
    EXPECT_NO_THROW(checkHost(facts, log));
    ASSERT_EQ(log.lines().size(), 1U);
    EXPECT_EQ(log.lines().front().front(), 'D');
}

TEST(HostCheckTest, ReadsTheFactsOfThisProcess) {
    const auto facts = readHostFacts();
    EXPECT_EQ(facts.euid, ::geteuid());
    EXPECT_FALSE(facts.startedBySystemd);
    EXPECT_NE(facts.ownMountNamespace, 0U);
}

} // namespace
} // namespace nsd::test
