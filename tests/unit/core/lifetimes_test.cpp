// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/lifetimes.hpp"
#include "tests/support/fake_loop.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace nsd::test {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

class LifetimesTest : public ::testing::Test {
  protected:
    FakeLoop loop_;
    std::vector<Uuid> due_;
    Lifetimes lifetimes_{loop_, [this](const Uuid& uuid) { due_.push_back(uuid); }};
    Uuid a_ = Uuid::random();
    Uuid b_ = Uuid::random();
};

TEST_F(LifetimesTest, ComeInTheirOrder) {
    lifetimes_.schedule(a_, loop_.now() + seconds(2));
    lifetimes_.schedule(b_, loop_.now() + seconds(1));
    EXPECT_EQ(loop_.timers(), 1U);
    loop_.advance(seconds(1));
    EXPECT_EQ(due_, std::vector{b_});
    loop_.advance(seconds(1));
    EXPECT_EQ(due_, (std::vector{b_, a_}));
    EXPECT_EQ(lifetimes_.size(), 0U);
    EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(LifetimesTest, UseOneTimerForAll) {
    for (int i = 100; i > 0; --i)
        lifetimes_.schedule(Uuid::random(), loop_.now() + seconds(i));
    EXPECT_EQ(loop_.timers(), 1U);
    loop_.advance(seconds(100));
    EXPECT_EQ(due_.size(), 100U);
}

TEST_F(LifetimesTest, ThatArePastComeAtOnceButNotFromInside) {
    lifetimes_.schedule(a_, loop_.now() - seconds(5));
    EXPECT_TRUE(due_.empty());
    loop_.settle();
    EXPECT_EQ(due_.size(), 1U);
}

TEST_F(LifetimesTest, AreReplacedAndCancelled) {
    lifetimes_.schedule(a_, loop_.now() + seconds(1));
    lifetimes_.schedule(a_, loop_.now() + seconds(3));
    lifetimes_.schedule(b_, loop_.now() + seconds(2));
    lifetimes_.cancel(b_);
    lifetimes_.cancel(Uuid::random());
    loop_.advance(seconds(2));
    EXPECT_TRUE(due_.empty());
    loop_.advance(seconds(1));
    EXPECT_EQ(due_, std::vector{a_});
}

TEST(Lifetimes, MayBeScheduledFromTheirOwnEnd) {
    FakeLoop loop;
    int times = 0;
    Lifetimes* self = nullptr;
    Lifetimes lifetimes(loop, [&](const Uuid& uuid) {
        if (++times < 3)
            self->schedule(uuid, loop.now() + microseconds(10));
    });
    self = &lifetimes;
    lifetimes.schedule(Uuid::random(), loop.now());
    loop.advance(microseconds(100));
    EXPECT_EQ(times, 3);
}

} // namespace
} // namespace nsd::test
