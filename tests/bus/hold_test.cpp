// SPDX-License-Identifier: LGPL-2.1-or-later
// Leases as a client has them: descriptors that came over the bus.
#include "tests/bus/bus_fixture.hpp"
#include "tests/support/lease_state.hpp"
#include "tests/support/require.hpp"

#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

namespace nsd::test {
namespace {

constexpr uid_t user = 1;

class Hold : public BusTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        BusTest::SetUp();
        if (!HasFatalFailure() && !IsSkipped())
            web_ = create("web", {"net"});
    }
    static UniqueFd taken(const AnswerPtr& answer) {
        EXPECT_EQ(answer->error, "") << answer->text;
        return takeFd(answer);
    }
    static UniqueFd hold(BusClient& client) { return taken(client.manager("Hold", "sa{sv}", "web", 0)); }
    [[nodiscard]] std::uint32_t used(uid_t uid) { return namespaces_->quotas().used(uid, Quota::Leases); }

    std::string web_;
};

TEST_F(Hold, answersTheWriteEndOfAFifo) {
    const auto lease = hold(*root_);
    ASSERT_TRUE(lease);
    struct stat status {};
    ASSERT_EQ(::fstat(lease.get(), &status), 0);
    EXPECT_TRUE(S_ISFIFO(status.st_mode));
    EXPECT_EQ(::fcntl(lease.get(), F_GETFL) & O_ACCMODE, O_WRONLY);
    EXPECT_FALSE(hasError(lease));
}

TEST_F(Hold, isAMethodOfTheObjectToo) {
    const auto lease = taken(root_->object(web_, "Hold", "a{sv}", 0));
    EXPECT_TRUE(lease);
    EXPECT_EQ(used(0), 1U);
}

TEST_F(Hold, lastsUntilTheLastCopyCloses) {
    auto lease = hold(*root_);
    auto copy = lease.duplicate();
    settle();
    EXPECT_EQ(used(0), 1U);
    lease.reset();
    settle();
    EXPECT_EQ(used(0), 1U);
    copy.reset();
    root_->turnUntil([&] { return used(0) == 0; });
}

TEST_F(Hold, doesNotNeedTheConnection) {
    auto client = clientAs(0);
    auto lease = hold(*client);
    client->vanish();
    client.reset();
    settle();
    EXPECT_EQ(used(0), 1U);
    lease.reset();
    root_->turnUntil([&] { return used(0) == 0; });
}

TEST_F(Hold, aCallerWhoIsGoneBeforeTheAnswerHoldsNothing) {
    auto client = clientAs(0);
    EXPECT_EQ(client->manager("List", "a{sv}", 0)->error, ""); // known from now on: nobody is asked
    audit_.decisions.clear();
    static_cast<void>(
        client->start("/org/nsd1", "org.nsd1.Manager", "Hold", BusClient::filled("sa{sv}", "web", 0)));
    client->vanish();
    client.reset();
    root_->turnUntil([&] { return !audit_.decisions.empty(); });
    EXPECT_EQ(audit_.decisions.front().method, "Hold");
    EXPECT_TRUE(audit_.decisions.front().allowed) << audit_.decisions.front().why;
    root_->turnUntil([&] { return used(0) == 0; });
    EXPECT_EQ(root_->manager("Holders", "s", "web")->text, "[]");
}

TEST_F(Hold, showsAnErrorOnceTheNamespaceIsDestroyed) {
    const auto lease = hold(*root_);
    EXPECT_EQ(root_->manager("Destroy", "sa{sv}", "web", 0)->error, "");
    EXPECT_TRUE(isRevoked(lease));
    EXPECT_EQ(used(0), 0U);
}

TEST_F(Hold, outlivesARestart) {
    auto lease = hold(*root_);
    restart();
    EXPECT_FALSE(hasError(lease));
    EXPECT_EQ(used(0), 1U);
    lease.reset();
    root_->turnUntil([&] { return used(0) == 0; });
}

TEST_F(Hold, isShownAmongTheHolders) {
    const auto lease = hold(*root_);
    const auto text = root_->manager("Holders", "s", "web")->text;
    EXPECT_NE(text.find("lease 1 of uid 0, given to root"), std::string::npos) << text;
}

TEST_F(Hold, isOverWhenItsGrantIsRevoked) {
    const auto client = clientAs(user);
    EXPECT_EQ(client->manager("Hold", "sa{sv}", "web", 0)->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(root_->manager("Grant", "ssuas", "web", "user", user, 1, "hold")->error, "");
    const auto lease = hold(*client);
    const auto roots = hold(*root_);
    EXPECT_EQ(root_->manager("Revoke", "ssuas", "web", "user", user, 1, "hold")->error, "");
    EXPECT_TRUE(isRevoked(lease));
    EXPECT_FALSE(hasError(roots));
    EXPECT_EQ(used(user), 0U);
}

TEST_F(Hold, oneTooManyIsRefusedWithItsLimit) {
    EXPECT_EQ(root_->manager("Grant", "ssuas", "web", "user", user, 1, "hold")->error, "");
    namespaces_->quotas().configure({.leases = 2, .rate = 1000, .burst = 1000});
    const auto client = clientAs(user);
    auto first = hold(*client);
    const auto second = hold(*client);
    const auto answer = client->manager("Hold", "sa{sv}", "web", 0);
    EXPECT_EQ(answer->error, "org.nsd1.Error.LimitExceeded");
    EXPECT_EQ(answer->text, "uid 1 has no leases left: 2 of 2 are in use (quotas/leases in nsd.json)");
    first.reset();
    root_->turnUntil([&] { return used(user) == 1; });
    EXPECT_TRUE(hold(*client));
}

TEST_F(Hold, knowsNoOptions) {
    const auto answer = root_->manager("Hold", "sa{sv}", "web", 1, "x", "b", 1);
    EXPECT_EQ(answer->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_EQ(used(0), 0U);
}

TEST_F(Hold, ofALeasedNamespaceKeepsIt) {
    EXPECT_EQ(root_->manager("Create", "sasa{sv}", "leased", 1, "net", 1, "lease", "b", 1)->error, "");
    auto lease = taken(root_->manager("Hold", "sa{sv}", "leased", 0));
    const auto path = root_->manager("Get", "s", "leased")->text;
    EXPECT_EQ(
        root_->property(path.substr(1, path.size() - 2), "org.nsd1.Namespace", "Lifetime"), "\"lease\"");
    lease.reset();
    root_->turnUntil([&] { return namespaces_->count() == 1; });
}

} // namespace
} // namespace nsd::test
