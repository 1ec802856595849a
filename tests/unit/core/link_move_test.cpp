// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Links of the host in a namespace: what is recorded of them, and how they come home.
#include "tests/unit/core/link_fixture.hpp"

#include <algorithm>

namespace nsd::test {
namespace {

using Names = std::vector<std::string>;

class LinkMoveTest : public LinkTest {
  protected:
    // The daemon is killed here, and a new one begins.
    void killed() {
        restart();
        loop_.settle();
    }
};

TEST_F(LinkMoveTest, aMovedLinkIsInsideAndOnRecord) {
    EXPECT_EQ(move("eth0", "wan"), "done");
    EXPECT_EQ(links_.names(FakeLinks::host), Names{});
    EXPECT_EQ(links_.names(inside(web_)), Names{"wan"});
    const auto& borrowed = record(web_).borrowedLinks;
    ASSERT_EQ(borrowed.size(), 1U);
    EXPECT_EQ(borrowed[0].name, "wan");
    EXPECT_EQ(borrowed[0].custody.name, "eth0");
    EXPECT_EQ(borrowed[0].custody.mtu, 9000U);
    EXPECT_NE(borrowed[0].custody.insideIndex, 0U);
    EXPECT_EQ(events_.seen.back(), "links web");
}

TEST_F(LinkMoveTest, aLinkOfTheHostIsAmongTheHolders) {
    move("eth0", "wan");
    std::vector<Holder> holders;
    namespaces_->holders(
        web_, [&](Outcome<std::vector<Holder>> outcome) { holders = std::move(outcome).value(); });
    loop_.settle();
    ASSERT_EQ(holders.size(), 1U);
    EXPECT_EQ(holders[0].kind, "link");
    EXPECT_EQ(holders[0].type, "net");
    EXPECT_EQ(holders[0].detail, "eth0 of the host is in it as wan, and goes home before it goes");
    EXPECT_EQ(holders[0].uid, record(web_).owner);
}

TEST_F(LinkMoveTest, theRecordSurvivesTheDaemon) {
    move("eth0", "wan");
    const auto before = record(web_).borrowedLinks;
    killed();
    EXPECT_EQ(record(web_).borrowedLinks, before);
    EXPECT_EQ(giveBack("wan"), "done");
    expectHome();
}

TEST_F(LinkMoveTest, aReturnedLinkIsAsItWasAndOnNoRecord) {
    move("eth0", "wan");
    EXPECT_EQ(giveBack("wan"), "done");
    expectHome();
    EXPECT_TRUE(record(web_).borrowedLinks.empty());
    EXPECT_EQ(events_.seen.back(), "links web");
}

TEST_F(LinkMoveTest, aReturnedLinkIsFoundByItsNameAtHomeAndByANewOneInside) {
    move("eth0", "wan");
    EXPECT_EQ(giveBack("eth0"), "done");
    move("eth0", "wan");
    links_.at(inside(web_))[0].name = "renamed";
    EXPECT_EQ(giveBack("renamed"), "done");
    expectHome();
}

TEST_F(LinkMoveTest, aReturnCanRename) {
    move("eth0");
    EXPECT_EQ(giveBack("eth0", "lan"), "done");
    EXPECT_EQ(links_.names(FakeLinks::host), Names{"lan"});
}

TEST_F(LinkMoveTest, aClashAtHomeIsAFreeName) {
    move("eth0", "wan");
    links_.put(FakeLinks::host, {.name = "eth0"});
    EXPECT_EQ(giveBack("wan"), "done");
    EXPECT_EQ(links_.names(FakeLinks::host), (Names{"eth0", "eth0-2"}));
}

TEST_F(LinkMoveTest, whatCannotMoveChangesNothing) {
    EXPECT_EQ(move("eth7"), "the host has no link \"eth7\"");
    links_.put(inside(web_), {.name = "wan"});
    EXPECT_EQ(move("eth0", "wan"), "there is a link \"wan\" inside already");
    EXPECT_THROW(move("eth0", "a name that is too long"), Error);
    expectHome();
    EXPECT_TRUE(record(web_).borrowedLinks.empty());
    web_ = create("box", {NamespaceType::Uts});
    move("eth0");
    EXPECT_EQ(code_, "TypeNotPresent");
    expectHome();
}

TEST_F(LinkMoveTest, aMoveWhoseEndNobodyKnowsIsTakenBack) {
    links_.fail("move", {Errc::TimedOut, "the worker does not answer"}, true);
    EXPECT_EQ(move("eth0", "wan"), "the worker does not answer");
    expectHome();
    EXPECT_TRUE(record(web_).borrowedLinks.empty());
}

TEST_F(LinkMoveTest, whoIsKilledBeforeTheMoveHasNothingToReturn) {
    links_.fail("move", {Errc::KernelError, "killed here"});
    links_.hold();
    namespaces_->links().move(web_, "eth0", "wan", [](const auto& /*outcome*/) {});
    loop_.settle();
    links_.release(); // of inspect
    links_.hold();
    loop_.settle(); // recorded, and the move not answered
    EXPECT_EQ(record(web_).borrowedLinks.size(), 1U);
    restart();
    links_.release();
    loop_.settle();
    EXPECT_TRUE(record(web_).borrowedLinks.empty());
    expectHome();
}

TEST_F(LinkMoveTest, whoIsKilledBehindTheMoveKnowsOfIt) {
    links_.hold();
    namespaces_->links().move(web_, "eth0", "wan", [](const auto& /*outcome*/) {});
    loop_.settle();
    links_.release();
    links_.hold();
    loop_.settle();
    EXPECT_EQ(links_.names(inside(web_)), Names{"wan"});
    EXPECT_EQ(record(web_).borrowedLinks[0].custody.insideIndex, 0U);
    restart();
    links_.release();
    loop_.settle();
    ASSERT_EQ(record(web_).borrowedLinks.size(), 1U);
    EXPECT_NE(record(web_).borrowedLinks[0].custody.insideIndex, 0U);
    destroy(web_);
    expectHome();
}

TEST_F(LinkMoveTest, destroyReturnsLinksFirst) {
    move("eth0", "wan");
    kernel_.forgetCalls();
    EXPECT_EQ(destroy(web_).released, Released::Yes);
    expectHome();
    const auto& seen = events_.seen;
    EXPECT_LT(
        std::find(seen.begin(), seen.end(), "links web"), std::find(seen.begin(), seen.end(), "removed web"));
}

TEST_F(LinkMoveTest, aLinkThatCannotGoHomeKeepsItsNamespaceSaveByForce) {
    move("eth0", "wan");
    links_.fail("bringHome eth0", {Errc::KernelError, "the kernel will not"});
    EXPECT_EQ(textOf([&] { destroy(web_); }),
        "link \"eth0\", inside as \"wan\", cannot go home: the kernel will not");
    EXPECT_EQ(record(web_).borrowedLinks.size(), 1U);
    EXPECT_TRUE(namespaces_->has(Name("web")));
    links_.fail("bringHome eth0", {Errc::KernelError, "the kernel will not"});
    const auto forced = destroy(web_, {.force = true});
    EXPECT_EQ(forced.released, Released::Yes);
    EXPECT_EQ(
        forced.warnings, Names{"link \"eth0\", inside as \"wan\", cannot go home: the kernel will not"});
}

TEST_F(LinkMoveTest, destroySaysWhatIsNotAsItWas) {
    move("eth0", "wan");
    links_.put(FakeLinks::host, {.name = "eth0"});
    const auto result = destroy(web_);
    EXPECT_EQ(result.released, Released::Yes);
    EXPECT_EQ(result.warnings, Names{"another link is called eth0 now"});
}

TEST_F(LinkMoveTest, theEndOfItsTimeReturnsLinks) {
    auto wanted = request("short", {NamespaceType::Net});
    wanted.ttl = std::chrono::seconds(5);
    web_ = create(std::move(wanted));
    move("eth0", "wan");
    loop_.advance(std::chrono::seconds(6));
    loop_.settle();
    EXPECT_FALSE(namespaces_->has(Name("short")));
    expectHome();
}

TEST_F(LinkMoveTest, whatIsUnderWayIsWaitedFor) {
    links_.hold();
    bool moved = false;
    bool destroyed = false;
    namespaces_->links().move(web_, "eth0", "wan", [&](const auto& outcome) { moved = outcome.ok(); });
    namespaces_->destroy(web_, {}, [&](const auto& outcome) { destroyed = outcome.ok() && moved; });
    loop_.settle();
    EXPECT_TRUE(namespaces_->has(Name("web")));
    links_.release();
    loop_.settle();
    EXPECT_TRUE(destroyed);
    expectHome();
}

TEST_F(LinkMoveTest, aLinkThatIsGoneIsNoReasonToStay) {
    move("eth0", "wan");
    links_.at(inside(web_)).clear();
    EXPECT_EQ(giveBack("wan"), "link \"wan\" is gone: it was deleted");
    EXPECT_TRUE(record(web_).borrowedLinks.empty());
    EXPECT_EQ(giveBack("wan"), "\"web\" has no link \"wan\"");
}

TEST_F(LinkMoveTest, whatNsdDidNotBringHasNoHome) {
    links_.put(inside(web_), {.name = "own"});
    EXPECT_EQ(
        giveBack("own"), "link \"own\" of \"web\" was not moved there by nsd, and has no home to go to");
}

} // namespace
} // namespace nsd::test
