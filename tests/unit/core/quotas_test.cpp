// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/quotas.hpp"

#include "common/error.hpp"
#include "tests/support/fake_loop.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

namespace nsd::test {
namespace {

constexpr uid_t anna = 1000;
constexpr uid_t bert = 1001;

class QuotasTest : public ::testing::Test {
  protected:
    QuotasTest() {
        quotas_.configure({.namespaces = 2, .leases = 1, .processes = 1, .calls = 3, .rate = 10, .burst = 5});
    }

    // The text of LimitExceeded, or "".
    template <class Work>
    static std::string refusal(Work work) {
        try {
            work();
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), Errc::LimitExceeded);
            return error.text();
        }
        return {};
    }
    std::string takeOneMore(uid_t uid, Quota what) {
        return refusal([&] { shares_.push_back(quotas_.take(uid, what)); });
    }
    // How many changes go through at this moment.
    unsigned spendAll(uid_t uid) {
        for (unsigned changes = 0;; ++changes)
            if (!refusal([&] { quotas_.spend(uid); }).empty())
                return changes;
    }

    FakeLoop loop_;
    Quotas quotas_{loop_};
    std::vector<Quotas::Share> shares_;
};

TEST_F(QuotasTest, TheOneTooManyIsRefusedWithLimitNumberAndSetting) {
    EXPECT_EQ(takeOneMore(anna, Quota::Namespaces), "");
    EXPECT_EQ(takeOneMore(anna, Quota::Namespaces), "");
    EXPECT_EQ(takeOneMore(anna, Quota::Namespaces),
        "uid 1000 has no namespaces left: 2 of 2 are in use (quotas/namespaces in nsd.json)");
    EXPECT_EQ(quotas_.used(anna, Quota::Namespaces), 2U);
}

TEST_F(QuotasTest, EachQuotaHasItsOwnLimit) {
    for (const auto& [what, limit] : {std::pair{Quota::Namespaces, 2U}, std::pair{Quota::Leases, 1U},
             std::pair{Quota::Processes, 1U}, std::pair{Quota::Calls, 3U}}) {
        for (unsigned i = 0; i < limit; ++i)
            EXPECT_EQ(takeOneMore(anna, what), "");
        EXPECT_NE(takeOneMore(anna, what), "");
    }
}

TEST_F(QuotasTest, UsersDoNotShare) {
    EXPECT_EQ(takeOneMore(anna, Quota::Leases), "");
    EXPECT_EQ(takeOneMore(bert, Quota::Leases), "");
}

TEST_F(QuotasTest, RootHasNoLimits) {
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(takeOneMore(0, Quota::Leases), "");
        EXPECT_EQ(refusal([&] { quotas_.spend(0); }), "");
    }
}

TEST_F(QuotasTest, AShareGivesItselfBackOnce) {
    {
        auto share = quotas_.take(anna, Quota::Leases);
        auto moved = std::move(share);
        moved = quotas_.count(anna, Quota::Leases);
        EXPECT_EQ(quotas_.used(anna, Quota::Leases), 1U);
        moved.giveBack();
        EXPECT_EQ(quotas_.used(anna, Quota::Leases), 0U);
    }
    EXPECT_EQ(quotas_.used(anna, Quota::Leases), 0U);
    EXPECT_EQ(takeOneMore(anna, Quota::Leases), "");
}

TEST_F(QuotasTest, WhatIsCountedIsNeverRefusedButFillsTheQuota) {
    for (int i = 0; i < 5; ++i)
        shares_.push_back(quotas_.count(anna, Quota::Namespaces));
    EXPECT_NE(takeOneMore(anna, Quota::Namespaces), "");
    shares_.resize(2);
    EXPECT_NE(takeOneMore(anna, Quota::Namespaces), "");
    shares_.resize(1);
    EXPECT_EQ(takeOneMore(anna, Quota::Namespaces), "");
}

TEST_F(QuotasTest, SmallerNumbersTakeNothingAway) {
    EXPECT_EQ(takeOneMore(anna, Quota::Calls), "");
    EXPECT_EQ(takeOneMore(anna, Quota::Calls), "");
    quotas_.configure({.calls = 1});
    EXPECT_EQ(quotas_.used(anna, Quota::Calls), 2U);
    EXPECT_NE(takeOneMore(anna, Quota::Calls), "");
    shares_.clear();
    EXPECT_EQ(takeOneMore(anna, Quota::Calls), "");
}

TEST_F(QuotasTest, AShareMayOutliveTheQuotas) {
    std::optional<Quotas> shortLived(std::in_place, loop_);
    const auto share = shortLived->take(anna, Quota::Calls);
    shortLived.reset();
    EXPECT_TRUE(share);
}

TEST_F(QuotasTest, ABurstThenTheRate) {
    EXPECT_EQ(spendAll(anna), 5U);
    loop_.advance(std::chrono::milliseconds(99));
    EXPECT_EQ(spendAll(anna), 0U);
    loop_.advance(std::chrono::milliseconds(2));
    EXPECT_EQ(spendAll(anna), 1U);
    loop_.advance(std::chrono::seconds(1000));
    EXPECT_EQ(spendAll(anna), 5U);
    EXPECT_EQ(spendAll(bert), 5U);
}

TEST_F(QuotasTest, TheRefusalOfARateNamesItsSettings) {
    spendAll(anna);
    const auto text = refusal([&] { quotas_.spend(anna); });
    EXPECT_NE(text.find("10 things a second"), std::string::npos) << text;
    EXPECT_NE(text.find("quotas/rate and quotas/burst in nsd.json"), std::string::npos) << text;
}

TEST_F(QuotasTest, ASmallerBurstCountsAtOnce) {
    EXPECT_EQ(refusal([&] { quotas_.spend(anna); }), "");
    quotas_.configure({.rate = 1, .burst = 2});
    EXPECT_EQ(spendAll(anna), 2U);
}

} // namespace
} // namespace nsd::test
