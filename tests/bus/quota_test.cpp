// SPDX-License-Identifier: LGPL-2.1-or-later
// How much one user may call: at a time, and how often.
#include "tests/bus/bus_fixture.hpp"
#include "tests/support/require.hpp"

#include <cstdint>

namespace nsd::test {
namespace {

constexpr uid_t user = 1;
constexpr auto limitExceeded = "org.nsd1.Error.LimitExceeded";

class QuotaTest : public BusTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        BusTest::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        create("web", {"net"});
        EXPECT_EQ(root_->manager("Grant", "ssuas", "web", "user", user, 1, "manage")->error, "");
        guest_ = clientAs(user);
        EXPECT_EQ(guest_->manager("List", "a{sv}", 0)->error, ""); // known from now on
    }
    void TearDown() override {
        guest_.reset();
        BusTest::TearDown();
    }
    AnswerPtr startHolders(BusClient& client) {
        return client.start("/org/nsd1", "org.nsd1.Manager", "Holders", BusClient::filled("s", "web"));
    }
    AnswerPtr startCreate(BusClient& client, const char* name) {
        return client.start(
            "/org/nsd1", "org.nsd1.Manager", "Create", BusClient::filled("sasa{sv}", name, 1, "net", 0));
    }
    [[nodiscard]] std::uint32_t underWay(uid_t uid = user) {
        return namespaces_->quotas().used(uid, Quota::Calls);
    }

    std::unique_ptr<BusClient> guest_;
};

TEST_F(QuotaTest, callsUnderWayAreLimited) {
    namespaces_->quotas().configure({.calls = 3});
    kernel_->holdAnswers();
    std::vector<AnswerPtr> slow;
    for (int i = 0; i < 3; ++i)
        slow.push_back(startHolders(*guest_));
    guest_->turnUntil([&] { return underWay() == 3; });
    const auto refused = guest_->manager("List", "a{sv}", 0);
    EXPECT_EQ(refused->error, limitExceeded);
    EXPECT_EQ(
        refused->text, "uid 1 has no calls at a time left: 3 of 3 are in use (quotas/calls in nsd.json)");
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->error, "");
    kernel_->releaseAnswers();
    guest_->turnUntil([&] { return slow.back()->done; });
    for (const auto& answer : slow)
        EXPECT_EQ(answer->error, "");
    EXPECT_EQ(underWay(), 0U);
    EXPECT_EQ(guest_->manager("List", "a{sv}", 0)->error, "");
}

TEST_F(QuotaTest, allConnectionsOfAUserCountTogether) {
    namespaces_->quotas().configure({.calls = 1});
    kernel_->holdAnswers();
    const auto slow = startHolders(*guest_);
    guest_->turnUntil([&] { return underWay() == 1; });
    const auto other = clientAs(user);
    EXPECT_EQ(other->manager("List", "a{sv}", 0)->error, limitExceeded);
    kernel_->releaseAnswers();
    guest_->turnUntil([&] { return slow->done; });
}

TEST_F(QuotaTest, everyAnswerGivesItsShareBack) {
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(guest_->manager("List", "a{sv}", 0)->error, "");
        EXPECT_EQ(
            guest_->manager("List", "a{sv}", 1, "limit", "u", 0)->error, "org.nsd1.Error.InvalidArgument");
        EXPECT_EQ(guest_->manager("Get", "s", "missing")->error, "org.nsd1.Error.NoSuchNamespace");
        EXPECT_EQ(guest_->manager("Reload", "")->error, "org.freedesktop.DBus.Error.AccessDenied");
        EXPECT_EQ(guest_->manager("Rename", "ss", "web", "web")->error, "org.nsd1.Error.NameExists");
    }
    EXPECT_EQ(underWay(), 0U);
    EXPECT_EQ(underWay(0), 0U);
}

TEST_F(QuotaTest, aCallerWhoVanishesGivesItsShareBack) {
    kernel_->holdAnswers();
    static_cast<void>(startHolders(*guest_));
    guest_->turnUntil([&] { return underWay() == 1; });
    guest_->vanish();
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->error, "");
    kernel_->releaseAnswers();
    root_->turnUntil([&] { return underWay() == 0; });
}

TEST_F(QuotaTest, whoWaitsForAnAuthorizationIsNotCounted) {
    namespaces_->quotas().configure({.calls = 1, .rate = 1000, .burst = 1000});
    std::vector<Completion<Done>> questions;
    authority_->instead = [&](Completion<Done> done) { questions.push_back(std::move(done)); };
    const auto first = startCreate(*guest_, "one");
    const auto second = startCreate(*guest_, "two");
    guest_->turnUntil([&] { return questions.size() == 2; });
    EXPECT_EQ(underWay(), 0U);
    EXPECT_EQ(guest_->manager("List", "a{sv}", 0)->error, "");
    kernel_->holdAnswers();
    questions[0](Done{});
    EXPECT_EQ(underWay(), 1U); // again, while it is being done
    EXPECT_EQ(guest_->manager("List", "a{sv}", 0)->error, limitExceeded);
    questions[1](Error(Errc::AccessDenied, "no"));
    EXPECT_EQ(underWay(), 1U);
    kernel_->releaseAnswers();
    guest_->turnUntil([&] { return first->done && second->done; });
    EXPECT_EQ(first->error, "");
    EXPECT_EQ(second->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(underWay(), 0U);
}

TEST_F(QuotaTest, changesAreLimitedAndLooksAreNot) {
    namespaces_->quotas().configure({.rate = 0, .burst = 3});
    const auto change = [&] { return guest_->manager("SetLabels", "sa{ss}", "web", 0)->error; };
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(change(), "");
    EXPECT_EQ(change(), limitExceeded);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(guest_->manager("List", "a{sv}", 0)->error, "");
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(root_->manager("SetLabels", "sa{ss}", "web", 0)->error, "");
    EXPECT_EQ(underWay(), 0U);
}

TEST_F(QuotaTest, aRefusedChangeCountsToo) {
    namespaces_->quotas().configure({.rate = 0, .burst = 3});
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(guest_->manager("Reload", "")->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(guest_->manager("Reload", "")->error, limitExceeded);
}

// Each is answered, but whoever could have any number of them written down would drown those of all others.
TEST_F(QuotaTest, recordsOfDecisionsThatChangeNothingAreLimitedToo) {
    namespaces_->quotas().configure({.rate = 0, .burst = 3});
    audit_.decisions.clear();
    const auto enter = [](BusClient& client) {
        return client.manager("Enter", "sasa{sv}", "web", 0, 0)->error;
    };
    for (int i = 0; i < 23; ++i)
        EXPECT_EQ(enter(*guest_), "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(audit_.decisions.size(), 3U);
    // A change is limited by itself, always written down, and says how many were not.
    EXPECT_EQ(guest_->manager("Reload", "")->error, "org.freedesktop.DBus.Error.AccessDenied");
    ASSERT_EQ(audit_.decisions.size(), 4U);
    EXPECT_EQ(audit_.decisions.back().notWritten, 20U);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(enter(*root_), "");
    EXPECT_EQ(audit_.decisions.size(), 24U);
    EXPECT_EQ(audit_.decisions.back().notWritten, 0U);
}

TEST_F(QuotaTest, callersWhoVanishBeforeTheyAreKnownAreWrittenDownNoMoreOften) {
    namespaces_->quotas().configure({.rate = 1, .burst = 2});
    audit_.decisions.clear();
    for (int i = 0; i < 10; ++i) {
        const auto brief = clientAs(user);
        static_cast<void>(brief->start("/org/nsd1", "org.nsd1.Manager", "Reload", BusClient::filled("")));
        brief->vanish();
    }
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->error, ""); // all of them have been heard
    settle();
    EXPECT_GT(audit_.decisions.size(), 0U);
    EXPECT_LE(audit_.decisions.size(), 4U) << "two of nobody's, and two where the bus still knew him";
}

TEST_F(QuotaTest, namespacesAreTheOwners) {
    namespaces_->quotas().configure({.namespaces = 1, .rate = 1000, .burst = 1000});
    authority_->instead = [](const Completion<Done>& done) { done(Done{}); };
    const auto mine = [&](const char* name) {
        return guest_->manager("Create", "sasa{sv}", name, 1, "net", 0);
    };
    EXPECT_EQ(mine("one")->error, "");
    const auto refused = mine("two");
    EXPECT_EQ(refused->error, limitExceeded);
    EXPECT_EQ(
        refused->text, "uid 1 has no namespaces left: 1 of 1 are in use (quotas/namespaces in nsd.json)");
    EXPECT_EQ(root_->manager("Create", "sasa{sv}", "two", 1, "net", 1, "owner", "u", user)->error, "");
    EXPECT_EQ(guest_->manager("Destroy", "sa{sv}", "one", 0)->error, "");
    EXPECT_EQ(mine("one")->error, limitExceeded); // root's present counts
    EXPECT_EQ(guest_->manager("Destroy", "sa{sv}", "two", 0)->error, "");
    EXPECT_EQ(mine("one")->error, "");
}

} // namespace
} // namespace nsd::test
