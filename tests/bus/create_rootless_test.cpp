// SPDX-License-Identifier: LGPL-2.1-or-later
// Manager.Create with the option rootless: for whom it is, and what becomes of it.
#include "tests/bus/bus_fixture.hpp"

#include "tests/support/require.hpp"

#include <algorithm>

namespace nsd::test {
namespace {

constexpr uid_t games = 5; // a uid with an entry in passwd on any Debian, and gid 60
constexpr auto denied = "org.freedesktop.DBus.Error.AccessDenied";
constexpr auto invalid = "org.nsd1.Error.InvalidArgument";

class CreateRootless : public BusTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        BusTest::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        user_ = clientAs(games);
    }
    void TearDown() override {
        user_.reset();
        BusTest::TearDown();
    }

    static AnswerPtr ask(BusClient& client, const char* name = "box", int rootless = 1) {
        return client.manager("Create", "sasa{sv}", name, 2, "user", "net", 1, "rootless", "b", rootless);
    }
    [[nodiscard]] bool made() const {
        const auto& calls = kernel_->calls();
        return std::find(calls.begin(), calls.end(), "make") != calls.end();
    }

    std::unique_ptr<BusClient> user_;
};

TEST_F(CreateRootless, IsForEverybodyAndNobodyIsAsked) {
    const auto answer = ask(*user_);
    EXPECT_EQ(answer->error, "") << answer->text;
    const auto& record = namespaces_->find(Name("box"));
    EXPECT_EQ(record.owner, games);
    EXPECT_EQ(record.spec.owner, std::optional<uid_t>(games));
    EXPECT_EQ(record.userNamespaceOwner, std::optional<uid_t>(games));
    EXPECT_TRUE(authority_->questions.empty());
}

TEST_F(CreateRootless, SaysSoInTheAudit) {
    ask(*user_);
    ASSERT_FALSE(audit_.decisions.empty());
    EXPECT_EQ(audit_.decisions.back().right, Right::CreateRootless);
    EXPECT_TRUE(audit_.decisions.back().allowed);
}

TEST_F(CreateRootless, WithoutTheOptionSomebodyIsAsked) {
    EXPECT_EQ(ask(*user_, "box", 0)->error, denied);
    ASSERT_EQ(authority_->questions.size(), 1U);
    EXPECT_EQ(authority_->questions.front().right, Right::Create);
    EXPECT_FALSE(made());
}

TEST_F(CreateRootless, WhereTheHostForbidsUserNamespacesSomebodyIsAsked) {
    kernel_->forbidUserNamespaces();
    EXPECT_EQ(ask(*user_)->error, denied);
    ASSERT_EQ(authority_->questions.size(), 1U);
    EXPECT_EQ(authority_->questions.front().right, Right::CreateRootless);
    EXPECT_FALSE(made());
    authority_->instead = [this](Completion<Done> done) {
        loop_->post([done = std::move(done)] { done(Done{}); });
    };
    const auto answer = ask(*user_);
    EXPECT_EQ(answer->error, "") << answer->text;
}

TEST_F(CreateRootless, NeedsTypeUser) {
    const auto answer = user_->manager("Create", "sasa{sv}", "box", 1, "net", 1, "rootless", "b", 1);
    EXPECT_EQ(answer->error, invalid);
    EXPECT_EQ(answer->text, "rootless needs type user");
}

TEST_F(CreateRootless, ByRootIsForAnOwner) {
    EXPECT_EQ(ask(*root_)->error, invalid);
    const auto answer = root_->manager(
        "Create", "sasa{sv}", "box", 1, "user", 2, "rootless", "b", 1, "owner", "u", unsigned{games});
    EXPECT_EQ(answer->error, "") << answer->text;
    EXPECT_EQ(namespaces_->find(Name("box")).owner, games);
}

TEST_F(CreateRootless, IsForNobodyElseThanTheCaller) {
    const auto answer =
        user_->manager("Create", "sasa{sv}", "box", 1, "user", 2, "rootless", "b", 1, "owner", "u", 6U);
    EXPECT_EQ(answer->error, denied);
    EXPECT_FALSE(made());
}

TEST_F(CreateRootless, IsNotForNobody) {
    EXPECT_NE(ask(*clientAs(nobody))->error, "");
    EXPECT_FALSE(made());
}

TEST_F(CreateRootless, MapsOnlyWhatTheCallerHas) {
    kernel_->answerUser(
        games, {.known = true, .name = "games", .gid = 60, .subUids = {{100000, 10}}, .subGids = {}});
    const auto with = [&](const char* name, unsigned outside, unsigned count) {
        return user_->manager("Create", "sasa{sv}", name, 1, "user", 2, "rootless", "b", 1, "uid-map",
            "a(uuu)", 1, 0U, outside, count);
    };
    const auto refused = with("box", 0, 1);
    EXPECT_EQ(refused->error, denied);
    EXPECT_NE(refused->text.find("\"0 0 1\""), std::string::npos) << refused->text;
    EXPECT_NE(refused->text.find("/etc/subuid"), std::string::npos) << refused->text;
    EXPECT_EQ(with("box", 100001, 10)->error, denied);
    EXPECT_FALSE(made());
    EXPECT_EQ(with("one", 100001, 9)->error, "");
    EXPECT_EQ(with("two", games, 1)->error, "");
}

// Also where somebody's yes was needed.
TEST_F(CreateRootless, AYesToCreateIsNotAYesToAnyMap) {
    authority_->instead = [this](Completion<Done> done) {
        loop_->post([done = std::move(done)] { done(Done{}); });
    };
    EXPECT_EQ(
        user_->manager("Create", "sasa{sv}", "box", 1, "user", 1, "uid-map", "a(uuu)", 1, 0U, 0U, 1U)->error,
        denied);
    EXPECT_FALSE(made());
}

} // namespace
} // namespace nsd::test
