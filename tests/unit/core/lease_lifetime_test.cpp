// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Namespaces that go with their last lease.
#include "tests/unit/core/lease_fixture.hpp"

namespace nsd::test {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

class LeaseLifetime : public LeaseFixture {
  protected:
    Uuid createLeased(std::optional<microseconds> ttl = std::nullopt) {
        auto wanted = request("web", {NamespaceType::Net});
        wanted.lease = true;
        wanted.ttl = ttl;
        return create(wanted);
    }
    void endTimers() {
        loop_.advance(microseconds(0));
        loop_.settle();
    }
};

TEST_F(LeaseLifetime, IsShownAndKept) {
    const auto uuid = createLeased();
    EXPECT_EQ(record(uuid).lifetime, Lifetime::Lease);
    restart();
    EXPECT_EQ(record(uuid).lifetime, Lifetime::Lease);
}

TEST_F(LeaseLifetime, WithoutALeaseItGoesAfter30Seconds) {
    createLeased();
    loop_.advance(seconds(30) - microseconds(1));
    EXPECT_EQ(namespaces_->count(), 1U);
    loop_.advance(microseconds(1));
    EXPECT_EQ(namespaces_->count(), 0U);
    expectNoLeftovers();
}

TEST_F(LeaseLifetime, The30SecondsGoOnWithoutTheDaemon) {
    createLeased();
    loop_.advance(seconds(20));
    restart();
    loop_.advance(seconds(10) - microseconds(1));
    EXPECT_EQ(namespaces_->count(), 1U);
    loop_.advance(microseconds(1));
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(LeaseLifetime, StaysWhileALeaseIsHeldAndGoesWithTheLast) {
    const auto uuid = createLeased();
    auto first = hold(uuid);
    auto second = hold(uuid);
    loop_.advance(seconds(3600));
    first.reset();
    loop_.settle();
    EXPECT_EQ(namespaces_->count(), 1U);
    second.reset();
    endTimers();
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_EQ(loop_.timers(), 0U);
    expectNoLeftovers();
}

TEST_F(LeaseLifetime, ARestartChangesNothingWhileItIsHeld) {
    const auto uuid = createLeased();
    auto lease = hold(uuid);
    restart();
    loop_.advance(seconds(3600));
    EXPECT_EQ(namespaces_->count(), 1U);
    lease.reset();
    endTimers();
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(LeaseLifetime, GoesAtTheStartWhenTheLastLeaseWentBefore) {
    const auto uuid = createLeased();
    auto lease = hold(uuid);
    namespaces_.reset();
    lease.reset();
    restart();
    endTimers();
    EXPECT_EQ(namespaces_->count(), 0U);
    expectNoLeftovers();
}

TEST_F(LeaseLifetime, StaysAtTheStartWhenOneOfTwoLeasesWentBefore) {
    const auto uuid = createLeased();
    auto first = hold(uuid);
    const auto second = hold(uuid);
    namespaces_.reset();
    first.reset();
    restart();
    loop_.advance(seconds(3600));
    EXPECT_EQ(namespaces_->count(), 1U);
}

TEST_F(LeaseLifetime, ANewLeaseInTimeSavesIt) {
    const auto uuid = createLeased();
    hold(uuid).reset();
    loop_.turn(); // it is seen to be over, but nothing is done yet
    const auto lease = hold(uuid);
    loop_.advance(seconds(3600));
    EXPECT_EQ(namespaces_->count(), 1U);
}

TEST_F(LeaseLifetime, GoesWhenItsLastLeaseIsRevoked) {
    const auto uuid = createLeased();
    namespaces_->setGrants(uuid, {{false, anna, {"hold"}}});
    const auto lease = hold(uuid, anna, "user:1000");
    namespaces_->setGrants(uuid, {});
    EXPECT_EQ(namespaces_->count(), 1U);
    endTimers();
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(LeaseLifetime, WithATimeToLiveWhateverComesFirstCounts) {
    const auto uuid = createLeased(seconds(100));
    const auto lease = hold(uuid);
    EXPECT_EQ(record(uuid).lifetime, Lifetime::Lease);
    restart();
    loop_.advance(seconds(99));
    EXPECT_EQ(namespaces_->count(), 1U);
    loop_.advance(seconds(1));
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_TRUE(isRevoked(lease));
}

TEST_F(LeaseLifetime, ATimeToLiveDoesNotPutTheFirstLeaseOff) {
    createLeased(seconds(100));
    loop_.advance(seconds(30));
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(LeaseLifetime, ATimeToLiveBelow30SecondsIsKept) {
    createLeased(seconds(10));
    loop_.advance(seconds(10));
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(LeaseLifetime, OthersDoNotGoWithTheirLeases) {
    const auto uuid = create("web");
    hold(uuid).reset();
    loop_.settle();
    loop_.advance(seconds(3600));
    EXPECT_EQ(namespaces_->count(), 1U);
}

TEST_F(LeaseLifetime, IsAnotherRequestThanWithout) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.requestId = "1";
    create(wanted);
    wanted.lease = true;
    EXPECT_EQ(codeOf([&] { create(wanted); }), "InvalidArgument");
}

} // namespace
} // namespace nsd::test
