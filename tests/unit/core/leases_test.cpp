// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Leases over real FIFOs. The write ends that the tests hold are those of clients.
#include "tests/unit/core/lease_fixture.hpp"

#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

class LeaseTest : public LeaseFixture {};

TEST_F(LeaseTest, IsTheWriteEndOfAFifoOfItsNamespace) {
    const auto uuid = create("web");
    const auto lease = hold(uuid);
    struct stat held {};
    struct stat named {};
    ASSERT_EQ(::fstat(lease.get(), &held), 0);
    ASSERT_EQ(::stat((pins() / "web/leases/1").c_str(), &named), 0);
    EXPECT_TRUE(S_ISFIFO(held.st_mode));
    EXPECT_EQ(held.st_ino, named.st_ino);
    EXPECT_EQ(::fcntl(lease.get(), F_GETFL) & O_ACCMODE, O_WRONLY);
    EXPECT_EQ(::fcntl(lease.get(), F_GETFD), FD_CLOEXEC);
    EXPECT_FALSE(hasError(lease));
}

TEST_F(LeaseTest, IsOverWhenItsLastCopyCloses) {
    const auto uuid = create("web");
    auto lease = hold(uuid);
    auto copy = lease.duplicate();
    lease.reset();
    loop_.settle();
    EXPECT_EQ(entries("web/leases"), (Names{"1", "1.meta"}));
    copy.reset();
    loop_.settle();
    EXPECT_EQ(entries("web/leases"), Names{});
    EXPECT_EQ(used(anna), 0U);
    EXPECT_EQ(loop_.watches(), 0U);
}

TEST_F(LeaseTest, WhatIsWrittenIntoItMeansNothing) {
    const auto uuid = create("web");
    auto lease = hold(uuid);
    ASSERT_EQ(::write(lease.get(), "junk", 4), 4);
    loop_.settle();
    restart();
    EXPECT_EQ(used(anna), 1U);
    EXPECT_FALSE(hasError(lease));
    lease.reset();
    loop_.settle();
    EXPECT_EQ(used(anna), 0U);
}

TEST_F(LeaseTest, DestroyShowsAsAnErrorAndLeavesNothing) {
    const auto uuid = create("web");
    const auto lease = hold(uuid);
    const auto other = hold(uuid);
    destroy(uuid);
    EXPECT_TRUE(hasError(lease));
    EXPECT_TRUE(hasError(other));
    EXPECT_TRUE(isRevoked(lease));
    EXPECT_EQ(used(anna), 0U);
    EXPECT_EQ(loop_.watches(), 0U);
    expectNoLeftovers();
}

TEST_F(LeaseTest, FollowsARename) {
    const auto uuid = create("web");
    auto lease = hold(uuid);
    namespaces_->rename(uuid, Name("www"));
    EXPECT_FALSE(hasError(lease));
    EXPECT_EQ(entries("www/leases"), (Names{"1", "1.meta"}));
    const auto second = hold(uuid);
    EXPECT_EQ(entries("www/leases"), (Names{"1", "1.meta", "2", "2.meta"}));
    lease.reset();
    loop_.settle();
    EXPECT_EQ(entries("www/leases"), (Names{"2", "2.meta"}));
}

TEST_F(LeaseTest, OutlivesTheDaemonWithItsHolder) {
    const auto uuid = create("web");
    auto lease = hold(uuid);
    namespaces_.reset();
    EXPECT_TRUE(hasError(lease));
    EXPECT_FALSE(isRevoked(lease));
    restart();
    EXPECT_FALSE(hasError(lease));
    EXPECT_EQ(used(anna), 1U);
    EXPECT_EQ(whyOf(uuid), Names{"lease lease 1 of uid 1000, given to owner"});
    lease.reset();
    loop_.settle();
    EXPECT_EQ(entries("web/leases"), Names{});
    EXPECT_EQ(used(anna), 0U);
}

TEST_F(LeaseTest, WasOverWhileNobodyLooked) {
    const auto uuid = create("web");
    auto lease = hold(uuid);
    namespaces_.reset();
    lease.reset();
    EXPECT_TRUE(restart().empty());
    EXPECT_EQ(entries("web/leases"), Names{});
    EXPECT_EQ(used(anna), 0U);
}

TEST_F(LeaseTest, TakesNoNumberThatIsHeld) {
    const auto uuid = create("web");
    auto first = hold(uuid);
    const auto second = hold(uuid);
    first.reset();
    restart();
    const auto third = hold(uuid);
    EXPECT_EQ(entries("web/leases"), (Names{"2", "2.meta", "3", "3.meta"}));
}

TEST_F(LeaseTest, HalfMadeOnesAreCleanedUp) {
    const auto uuid = create("web");
    const auto lease = hold(uuid);
    std::ofstream(pins() / "web/leases/7.meta") << R"({"uid":1,"ground":"root"})";
    std::ofstream(pins() / "web/leases/8.meta") << "{";
    EXPECT_TRUE(restart().empty());
    EXPECT_EQ(entries("web/leases"), (Names{"1", "1.meta"}));
}

TEST_F(LeaseTest, RubbishIsPutIntoQuarantineAndTheRestStays) {
    const auto uuid = create("web");
    const auto lease = hold(uuid);
    const auto leases = pins() / "web/leases";
    fs::create_directory(leases / "5");
    fs::create_symlink("1", leases / "6");
    ASSERT_EQ(::mkfifo((leases / "01").c_str(), 0600), 0);
    ASSERT_EQ(::mkfifo((leases / "9").c_str(), 0600), 0); // nobody's
    ASSERT_EQ(::mkfifo((leases / "10").c_str(), 0600), 0);
    std::ofstream(leases / "10.meta") << R"({"uid":"root"})";
    Names bad;
    for (const auto& thing : restart())
        bad.push_back(thing.entry);
    EXPECT_EQ(bad, (Names{"web/leases/01", "web/leases/10", "web/leases/5", "web/leases/6", "web/leases/9"}));
    EXPECT_EQ(entries(".quarantine").size(), 5U);
    EXPECT_EQ(namespaces_->count(), 1U);
    EXPECT_FALSE(hasError(lease));
    EXPECT_EQ(used(anna), 1U);
    restart(); // what 10.meta said is half of a lease now
    EXPECT_EQ(entries("web/leases"), (Names{"1", "1.meta"}));
}

TEST_F(LeaseTest, SomethingElseCalledLeasesIsPutAside) {
    create("web");
    std::ofstream(pins() / "web/leases") << "";
    const auto bad = restart();
    ASSERT_EQ(bad.size(), 1U);
    EXPECT_EQ(bad[0].entry, "web/leases");
    const auto lease = hold(namespaces_->find(Name("web")).uuid);
    EXPECT_EQ(entries("web/leases"), (Names{"1", "1.meta"}));
}

TEST_F(LeaseTest, ADestroyThatWasKilledInTheMiddleIsFinished) {
    const auto uuid = create("web");
    const auto lease = hold(uuid);
    namespaces_.reset();
    fs::rename(pins() / "web", pins() / ".trash" / uuid.str());
    EXPECT_TRUE(restart().empty());
    EXPECT_TRUE(isRevoked(lease));
    expectNoLeftovers();
    EXPECT_EQ(used(anna), 0U);
}

TEST_F(LeaseTest, WhatIsNotNsdsSurvivesADestroyInQuarantine) {
    const auto uuid = create("web");
    const auto lease = hold(uuid);
    std::ofstream(pins() / "web/leases/mine") << "";
    destroy(uuid);
    ASSERT_EQ(entries(".quarantine").size(), 1U);
    EXPECT_EQ(entries(".quarantine/" + entries(".quarantine")[0] + "/leases"), Names{"mine"});
}

TEST_F(LeaseTest, RevokingTakesThoseThatAreMeant) {
    const auto uuid = create("web");
    const Grant toAnna{false, anna, {"hold"}};
    namespaces_->setGrants(uuid, {toAnna, {true, 27, {"hold"}}});
    const auto byUser = hold(uuid, anna, "user:1000");
    const auto byGroup = hold(uuid, anna, "group:27");
    const auto berts = hold(uuid, bert, "group:27");
    namespaces_->setGrants(uuid, {toAnna});
    EXPECT_FALSE(hasError(byUser));
    EXPECT_TRUE(isRevoked(byGroup));
    EXPECT_TRUE(isRevoked(berts));
    EXPECT_EQ(entries("web/leases"), (Names{"1", "1.meta"}));
    EXPECT_EQ(used(anna), 1U);
    EXPECT_EQ(used(bert), 0U);
}

TEST_F(LeaseTest, ARevokeThatWasKilledHalfwayIsFinishedAtTheStart) {
    const auto uuid = create("web");
    namespaces_->setGrants(uuid, {{false, anna, {"hold"}}});
    const auto annas = hold(uuid, anna, "user:1000");
    const auto owners = hold(uuid);
    // It writes the grants first.
    auto meta = nlohmann::json::parse(readFile(pins() / "web/meta"));
    meta["grants"] = nlohmann::json::array();
    writeFile(pins() / "web/meta", meta.dump());
    restart();
    EXPECT_TRUE(isRevoked(annas));
    EXPECT_FALSE(hasError(owners));
}

TEST_F(LeaseTest, OneTooManyIsRefusedAndLeavesNothing) {
    const auto uuid = create("web");
    std::vector<UniqueFd> leases;
    for (int i = 0; i < 256; ++i)
        leases.push_back(hold(uuid));
    EXPECT_EQ(textOf([&] { hold(uuid); }),
        "uid 1000 has no leases left: 256 of 256 are in use (quotas/leases in nsd.json)");
    EXPECT_EQ(entries("web/leases").size(), 512U);
    leases.push_back(hold(uuid, bert));
    leases.erase(leases.begin());
    loop_.settle();
    leases.push_back(hold(uuid));
}

TEST_F(LeaseTest, SurvivesARestartWithASmallerLimit) {
    const auto uuid = create("web");
    const auto one = hold(uuid);
    const auto two = hold(uuid);
    namespaces_.reset();
    restart();
    namespaces_->quotas().configure({.leases = 1});
    EXPECT_FALSE(hasError(one));
    EXPECT_FALSE(hasError(two));
    EXPECT_EQ(codeOf([&] { hold(uuid); }), "LimitExceeded");
}

TEST_F(LeaseTest, WithoutDescriptorsIsLimitExceededAndLeavesNothing) {
    const auto uuid = create("web");
    // Each step of it is the one that finds no descriptor, then none does.
    std::size_t refused = 0;
    for (std::size_t spare = 0;; ++spare) {
        const FewDescriptors few(spare);
        UniqueFd lease;
        if (codeOf([&] { lease = hold(uuid); }) == "none")
            break;
        ++refused;
        EXPECT_EQ(used(anna), 0U);
        EXPECT_EQ(loop_.watches(), 0U);
        ASSERT_LT(spare, 20U);
    }
    EXPECT_GT(refused, 2U);
    loop_.settle();
    EXPECT_EQ(entries("web/leases"), Names{});
}

TEST_F(LeaseTest, NobodyHoldsWhatIsBeingDestroyed) {
    const auto uuid = create("web");
    kernel_.delayAnswers(std::chrono::seconds(1));
    DestroyOptions force;
    force.force = true;
    namespaces_->destroy(uuid, force, [](const auto&) {});
    EXPECT_EQ(codeOf([&] { hold(uuid); }), "Busy");
    loop_.advance(std::chrono::seconds(60));
}

} // namespace
} // namespace nsd::test
