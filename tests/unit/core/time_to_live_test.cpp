// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/unit/core/core_fixture.hpp"

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

class TimeToLive : public CoreTest {};

TEST_F(TimeToLive, DestroysAtTheDeadline) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.ttl = std::chrono::seconds(10);
    const auto uuid = create(wanted);
    EXPECT_EQ(record(uuid).lifetime, Lifetime::Ttl);
    loop_.advance(std::chrono::microseconds(9'999'999));
    EXPECT_EQ(namespaces_->count(), 1U);
    loop_.advance(std::chrono::microseconds(1));
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(TimeToLive, TriesAnExpiryAgainThatFailed) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.ttl = std::chrono::seconds(10);
    create(wanted);
    fs::rename(pins() / "web", pins() / "away");
    loop_.advance(std::chrono::seconds(10));
    EXPECT_EQ(namespaces_->count(), 1U);
    fs::rename(pins() / "away", pins() / "web");
    loop_.advance(std::chrono::seconds(10));
    EXPECT_EQ(namespaces_->count(), 0U);
    expectNoLeftovers();
}

TEST_F(TimeToLive, ForgetsTheDeadlineOfWhatIsDestroyed) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.ttl = std::chrono::seconds(10);
    destroy(create(wanted));
    loop_.advance(std::chrono::seconds(20));
    EXPECT_TRUE(log_.warnings.empty());
}

} // namespace
} // namespace nsd::test
