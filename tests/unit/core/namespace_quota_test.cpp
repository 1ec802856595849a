// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whatever happens to namespaces, their owners have as many as there are.
#include "tests/unit/core/core_fixture.hpp"

#include <cstdint>

namespace nsd::test {
namespace {

class NamespaceQuota : public CoreTest {
  protected:
    static constexpr uid_t anna = 1000;

    NamespaceQuota() { limit(2); }
    void limit(std::uint32_t most) { namespaces_->quotas().configure({.namespaces = most}); }
    static CreateRequest annas(const std::string& name, uid_t caller = anna) {
        auto wanted = request(name, {NamespaceType::Net});
        wanted.caller = caller;
        wanted.owner = anna;
        return wanted;
    }
    [[nodiscard]] std::uint32_t used() const { return namespaces_->quotas().used(anna, Quota::Namespaces); }
};

TEST_F(NamespaceQuota, OneTooManyIsRefusedAndADestroyMakesRoom) {
    const auto first = create(annas("one"));
    create(annas("two"));
    EXPECT_EQ(textOf([&] { create(annas("three")); }),
        "uid 1000 has no namespaces left: 2 of 2 are in use (quotas/namespaces in nsd.json)");
    EXPECT_EQ(namespaces_->count(), 2U);
    destroy(first);
    create(annas("three"));
    EXPECT_EQ(used(), 2U);
}

TEST_F(NamespaceQuota, WhatIsUnderWayCounts) {
    for (const auto* name : {"one", "two"})
        namespaces_->create(annas(name), [](const Outcome<Uuid>& outcome) { EXPECT_TRUE(outcome.ok()); });
    EXPECT_EQ(codeOf([&] { create(annas("three")); }), "LimitExceeded");
    EXPECT_EQ(used(), 2U);
}

TEST_F(NamespaceQuota, AFailureAtAnyStepGivesBack) {
    for (unsigned step = 0;; ++step) {
        kernel_.failAt(step);
        const auto code = codeOf([&] { create(annas("one")); });
        if (!kernel_.failed())
            break;
        EXPECT_EQ(used(), namespaces_->count()) << "step " << step << ": " << code;
        if (namespaces_->count() != 0)
            break;
    }
    EXPECT_EQ(used(), namespaces_->count());
}

TEST_F(NamespaceQuota, ANameThatIsTakenCostsNothing) {
    create(annas("one"));
    EXPECT_EQ(codeOf([&] { create(annas("one")); }), "NameExists");
    EXPECT_EQ(used(), 1U);
}

TEST_F(NamespaceQuota, WhatRootMakesForAUserCountsButIsNotRefused) {
    for (const auto* name : {"one", "two", "three"})
        create(annas(name, 0));
    EXPECT_EQ(used(), 3U);
    EXPECT_EQ(codeOf([&] { create(annas("four")); }), "LimitExceeded");
}

TEST_F(NamespaceQuota, ARestartCountsAgainAndRefusesNobody) {
    create(annas("one"));
    create(annas("two"));
    restart();
    limit(1);
    EXPECT_EQ(namespaces_->count(), 2U);
    EXPECT_EQ(used(), 2U);
    EXPECT_EQ(codeOf([&] { create(annas("three")); }), "LimitExceeded");
}

TEST_F(NamespaceQuota, ASmallerLimitTakesNothingAway) {
    const auto one = create(annas("one"));
    create(annas("two"));
    limit(1);
    EXPECT_EQ(namespaces_->count(), 2U);
    destroy(one);
    EXPECT_EQ(codeOf([&] { create(annas("three")); }), "LimitExceeded");
    limit(2);
    create(annas("three"));
}

TEST_F(NamespaceQuota, ARenameCostsNothing) {
    const auto uuid = create(annas("one"));
    namespaces_->rename(uuid, Name("two"));
    EXPECT_EQ(used(), 1U);
}

} // namespace
} // namespace nsd::test
