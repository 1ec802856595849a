// SPDX-License-Identifier: LGPL-2.1-or-later
// Manager.Grant and Manager.Revoke, and what a granted right is good for; who may call them is in the
// authorisation matrix.
#include "tests/bus/bus_fixture.hpp"
#include "tests/support/lease_state.hpp"
#include "tests/support/require.hpp"

#include <cstdint>

namespace nsd::test {
namespace {

constexpr auto denied = "org.freedesktop.DBus.Error.AccessDenied";
constexpr auto invalid = "org.nsd1.Error.InvalidArgument";
constexpr uid_t anna = 1000;
constexpr uid_t bert = 1001;
constexpr gid_t staff = 2000;

class GrantTest : public BusTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        BusTest::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        web_ = create("web", {"net"});
        anna_ = std::make_unique<BusClient>(bus_->address(), loop_->handle(), anna, std::vector<gid_t>{anna});
        bert_ = std::make_unique<BusClient>(
            bus_->address(), loop_->handle(), bert, std::vector<gid_t>{bert, staff});
    }
    void TearDown() override {
        anna_.reset();
        bert_.reset();
        BusTest::TearDown();
    }
    [[nodiscard]] std::unique_ptr<TestBus> makeBus() override {
        return std::make_unique<TestBus>("", std::vector<uid_t>{0, anna, bert});
    }

    template <class... Rights>
    AnswerPtr grant(const char* kind, std::uint32_t id, Rights... rights) {
        return root_->manager(
            "Grant", "ssuas", "web", kind, id, static_cast<int>(sizeof...(rights)), rights...);
    }
    template <class... Rights>
    AnswerPtr revoke(const char* kind, std::uint32_t id, Rights... rights) {
        return root_->manager(
            "Revoke", "ssuas", "web", kind, id, static_cast<int>(sizeof...(rights)), rights...);
    }
    std::string grants() { return root_->property(web_, "org.nsd1.Namespace", "Grants"); }
    static AnswerPtr enter(BusClient& client) { return client.manager("Enter", "sasa{sv}", "web", 0, 0); }
    static UniqueFd hold(BusClient& client) {
        const auto answer = client.manager("Hold", "sa{sv}", "web", 0);
        EXPECT_EQ(answer->error, "") << answer->text;
        return takeFd(answer);
    }

    std::string web_;
    std::unique_ptr<BusClient> anna_;
    std::unique_ptr<BusClient> bert_;
};

TEST_F(GrantTest, isAPropertyAndAnEvent) {
    root_->listen();
    EXPECT_EQ(grant("user", anna, "fds")->error, "");
    root_->waitForSignals(2);
    EXPECT_EQ(root_->signals()[0],
        R"(PropertiesChanged "org.nsd1.Namespace" ["Grants": [("user", 1000, ["fds"])]] [])");
    EXPECT_EQ(root_->signals()[1], R"(NamespaceEvent 2 ")" + web_ + R"(" "grants")");
}

TEST_F(GrantTest, thatChangesNothingSaysNothing) {
    grant("user", anna, "fds");
    root_->listen();
    EXPECT_EQ(grant("user", anna, "fds")->error, "");
    EXPECT_EQ(revoke("user", anna, "hold")->error, "");
    EXPECT_EQ(revoke("group", anna, "fds")->error, "");
    EXPECT_EQ(root_->property("/org/nsd1", "org.nsd1.Manager", "Sequence"), "2");
    EXPECT_EQ(root_->signals(), std::vector<std::string>{});
}

TEST_F(GrantTest, comesOnTopOfWhatIsThereInOneOrder) {
    grant("group", staff, "manage");
    grant("user", bert, "hold", "fds", "hold");
    grant("user", anna, "enter");
    grant("user", bert, "enter");
    EXPECT_EQ(grants(), R"([("user", 1000, ["enter"]), ("user", 1001, ["enter", "fds", "hold"]), )"
                        R"(("group", 2000, ["manage"])])");
    revoke("user", bert, "hold", "fds");
    revoke("user", anna, "enter");
    EXPECT_EQ(grants(), R"([("user", 1001, ["enter"]), ("group", 2000, ["manage"])])");
}

TEST_F(GrantTest, givesTheRightAndNoOther) {
    EXPECT_EQ(enter(*anna_)->error, denied);
    grant("user", anna, "fds");
    EXPECT_EQ(enter(*anna_)->error, "");
    EXPECT_EQ(anna_->manager("Destroy", "sa{sv}", "web", 0)->error, denied);
    EXPECT_EQ(enter(*bert_)->error, denied);
    revoke("user", anna, "fds");
    EXPECT_EQ(enter(*anna_)->error, denied);
}

TEST_F(GrantTest, toAGroupIsForItsMembers) {
    grant("group", staff, "fds");
    EXPECT_EQ(enter(*bert_)->error, "");
    EXPECT_EQ(enter(*anna_)->error, denied);
}

TEST_F(GrantTest, staysOverRenameAndRestartButNotWithTheName) {
    grant("user", anna, "manage", "fds");
    const auto before = grants();
    ASSERT_EQ(anna_->manager("Rename", "ss", "web", "shop")->error, "");
    restart();
    EXPECT_EQ(grants(), before);
    ASSERT_EQ(anna_->manager("Destroy", "sa{sv}", "shop", 0)->error, "");
    static_cast<void>(create("shop", {"net"}));
    EXPECT_EQ(anna_->manager("Enter", "sasa{sv}", "shop", 0, 0)->error, denied);
}

TEST_F(GrantTest, ofWhatCannotBeGrantedIsRefusedAndChangesNothing) {
    EXPECT_EQ(grant("user", anna, "fds", "grant")->error, invalid);
    EXPECT_EQ(grant("user", anna, "everything")->error, invalid);
    EXPECT_EQ(grant("user", anna)->error, invalid);
    EXPECT_EQ(grant("role", anna, "fds")->error, invalid);
    for (const auto* kind : {"user", "group"})
        for (const std::uint32_t id : {65534U, 4294967295U})
            EXPECT_EQ(grant(kind, id, "fds")->error, invalid);
    EXPECT_EQ(grants(), "[]");
    EXPECT_EQ(root_->manager("Grant", "ssuas", "none", "user", anna, 1, "fds")->error,
        "org.nsd1.Error.NoSuchNamespace");
}

TEST_F(GrantTest, hasALimit) {
    for (std::uint32_t id = 1; id <= 64; ++id)
        ASSERT_EQ(grant("user", id, "fds")->error, "");
    const auto answer = grant("user", 65, "fds");
    EXPECT_EQ(answer->error, "org.nsd1.Error.LimitExceeded");
    EXPECT_NE(answer->text.find("64"), std::string::npos) << answer->text;
    EXPECT_EQ(namespaces_->find(Name("web")).grants.size(), 64U);
}

// Both were asked about while neither was there.
TEST_F(GrantTest, twoAtOnceAreBothKept) {
    std::vector<Completion<Done>> late;
    authority_->instead = [&](Completion<Done> done) { late.push_back(std::move(done)); };
    const auto first = anna_->start(
        "/org/nsd1", "org.nsd1.Manager", "Grant", BusClient::filled("ssuas", "web", "user", 1U, 1, "fds"));
    const auto second = bert_->start(
        "/org/nsd1", "org.nsd1.Manager", "Grant", BusClient::filled("ssuas", "web", "user", 2U, 1, "fds"));
    root_->turnUntil([&] { return late.size() == 2; });
    for (const auto& done : late)
        done(Done{});
    root_->turnUntil([&] { return first->done && second->done; });
    EXPECT_EQ(grants(), R"([("user", 1, ["fds"]), ("user", 2, ["fds"])])");
}

TEST_F(GrantTest, thatIsTakenBackEndsTheLeasesGivenByIt) {
    grant("user", bert, "hold", "fds");
    const auto byUser = hold(*bert_);
    grant("group", staff, "hold");
    grant("user", anna, "hold");
    const auto annas = hold(*anna_);
    const auto roots = hold(*root_);
    revoke("user", bert, "fds");
    EXPECT_FALSE(hasError(byUser));
    revoke("user", bert, "hold");
    EXPECT_TRUE(hasError(byUser)) << "although the group's grant would do";
    EXPECT_FALSE(hasError(annas));
    EXPECT_FALSE(hasError(roots));
    const auto byGroup = hold(*bert_);
    revoke("group", staff, "hold");
    EXPECT_TRUE(hasError(byGroup));
    EXPECT_FALSE(hasError(annas));
}

} // namespace
} // namespace nsd::test
