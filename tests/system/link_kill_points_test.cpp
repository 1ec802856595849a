// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsd is killed at each system call of MoveLink, ReturnLink and AddLink. Wherever that was, the next nsd
// knows whether the link is inside, and it comes home as it was; a pair is there wholly or not at all.
#include "tests/support/own_host_test.hpp"
#include "tests/system/kill_points.hpp"
#include "tests/system/lent_link.hpp"

#include <optional>

namespace nsd::test {
namespace {

class LinkKillPoints : public OwnHostTest<KillPointTest> {
  protected:
    void SetUp() override {
        OwnHostTest::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        lent_.emplace(*host_);
        before_ = lent_->state();
        nsctl({"create", "x"});
    }
    void TearDown() override {
        if (host_ && !IsSkipped())
            nsctl({"destroy", "x", "--force"});
        OwnHostTest::TearDown();
    }
    [[nodiscard]] bool isInside() { return nsctl({"link", "list", "x"}).find("lent0") != std::string::npos; }
    void returnIfInside() {
        if (isInside())
            nsctl({"link", "return", "x", "lent0"});
        EXPECT_EQ(lent_->state(), before_);
        EXPECT_EQ(nsctl({"link", "list", "x", "--no-legend"}).find("nsd-"), std::string::npos);
    }

    std::optional<LentLink> lent_;
    std::string before_;
};

TEST_F(LinkKillPoints, OfMoveLink) {
    const auto hit = killAtEachCall(
        {"link", "move", "x", "lent0", "--name", "wan"}, [] {},
        [&](bool answered) {
            EXPECT_TRUE(eventually([&] { return isInside() || lent_->state() == before_; }));
            EXPECT_TRUE(isInside() || !answered) << "what was answered is undone";
            returnIfInside();
        });
    constexpr unsigned enough = 15;
    EXPECT_GE(hit, enough);
}

TEST_F(LinkKillPoints, OfReturnLink) {
    const auto hit = killAtEachCall(
        {"link", "return", "x", "wan"},
        [&] {
            nsctl({"link", "move", "x", "lent0", "--name", "wan"});
        },
        [&](bool answered) {
            EXPECT_FALSE(isInside() && answered) << "what was answered is undone";
            // A second one settles what the first one left, if it left anything.
            static_cast<void>(daemon().nsctl({"link", "return", "x", "lent0"}));
            EXPECT_EQ(lent_->state(), before_);
        });
    constexpr unsigned enough = 10;
    EXPECT_GE(hit, enough);
}

TEST_F(LinkKillPoints, OfAddLink) {
    const auto links = [&] { return host_->shell("ip -o link | grep -c veth-x || true"); };
    const auto hit = killAtEachCall(
        {"link", "add", "x", "--veth", "up0:veth-x,addr=10.0.0.2/24"}, [] {},
        [&](bool answered) {
            // Comes behind all that the new nsd settles.
            EXPECT_FALSE(daemon().nsctl({"link", "return", "x", "none"}).ok());
            const auto listed = nsctl({"link", "list", "x"});
            const bool there = listed.find("up0") != std::string::npos;
            EXPECT_TRUE(there || !answered) << "what was answered is undone";
            if (there) {
                EXPECT_NE(listed.find("10.0.0.2/24"), std::string::npos) << "half a link";
                nsctl({"exec", "x", "--", "ip", "link", "del", "up0"});
            }
            EXPECT_TRUE(eventually([&] { return links() == "0"; })) << links();
        });
    constexpr unsigned enough = 10;
    EXPECT_GE(hit, enough);
}

} // namespace
} // namespace nsd::test
