// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/polkit_fixture.hpp"

#include <string>
#include <vector>

namespace nsd::test {
namespace {

using Answer = FakePolkit::Answer;

class AuditTest : public PolkitBusTest {
  protected:
    void SetUp() override {
        PolkitBusTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        create("web", {"net"});
        guest_ = clientAs(nobody);
        audit_.decisions.clear();
    }
    void TearDown() override {
        guest_.reset();
        PolkitBusTest::TearDown();
    }
    // The only decision since the last time.
    AuditRecord theOne() {
        EXPECT_EQ(audit_.decisions.size(), 1U);
        auto decisions = std::exchange(audit_.decisions, {});
        return decisions.empty() ? AuditRecord{} : decisions.front();
    }

    std::unique_ptr<BusClient> guest_;
};

TEST_F(AuditTest, whatIsAllowedIsWrittenDownWithItsGround) {
    EXPECT_EQ(root_->manager("Rename", "ss", "web", "shop")->error, "");
    const auto decision = theOne();
    EXPECT_TRUE(decision.allowed);
    EXPECT_EQ(decision.why, "root");
    EXPECT_EQ(decision.method, "Rename");
    EXPECT_EQ(decision.right, Right::Manage);
    EXPECT_EQ(decision.name, "web") << "as it was called when the call came";
    EXPECT_EQ(decision.uuid, namespaces_->find(Name("shop")).uuid.str());
    EXPECT_EQ(decision.caller.uid, ::getuid());
    EXPECT_EQ(decision.caller.pid, ::getpid());
}

TEST_F(AuditTest, whatPolkitAllowsIsItsDecision) {
    EXPECT_EQ(guest_->manager("Rename", "ss", "web", "shop")->error, "");
    EXPECT_EQ(theOne().why, "polkit");
}

TEST_F(AuditTest, aRefusalSaysWhatTheCallerWasTold) {
    for (const auto answer : {Answer::No, Answer::Challenge, Answer::Failure}) {
        polkit_->answerWith(answer);
        const auto reply = guest_->manager("Destroy", "sa{sv}", "web", 0);
        const auto decision = theOne();
        EXPECT_FALSE(decision.allowed);
        EXPECT_EQ(decision.why, reply->text);
        EXPECT_EQ(decision.caller.uid, nobody);
        EXPECT_EQ(decision.method, "Destroy");
    }
}

TEST_F(AuditTest, aMethodOfRootAloneIsRefusedOnce) {
    const auto reply = guest_->manager("Reload", "");
    const auto decision = theOne();
    EXPECT_FALSE(decision.allowed);
    EXPECT_EQ(decision.right, Right::Admin);
    EXPECT_EQ(decision.why, reply->text);
    EXPECT_EQ(decision.name, "");
}

TEST_F(AuditTest, whatEverybodyMayIsNoDecision) {
    EXPECT_EQ(guest_->manager("Get", "s", "web")->error, "");
    EXPECT_EQ(guest_->manager("List", "a{sv}", 0)->error, "");
    EXPECT_TRUE(audit_.decisions.empty());
}

TEST_F(AuditTest, aCallOnWhatIsNotThereIsNoDecision) {
    EXPECT_EQ(guest_->manager("Destroy", "sa{sv}", "nothing", 0)->error, "org.nsd1.Error.NoSuchNamespace");
    EXPECT_TRUE(audit_.decisions.empty());
}

TEST_F(AuditTest, aCallerThatLeavesIsRefusedOnce) {
    polkit_->answerWith(Answer::Never);
    const auto reply =
        guest_->start("/org/nsd1", "org.nsd1.Manager", "Destroy", BusClient::filled("sa{sv}", "web", 0));
    root_->turnUntil([&] { return polkit_->open() == 1; });
    EXPECT_TRUE(audit_.decisions.empty());
    guest_->vanish();
    root_->turnUntil([&] { return polkit_->cancelled() == 1; });
    settle();
    EXPECT_FALSE(theOne().allowed);
}

} // namespace
} // namespace nsd::test
