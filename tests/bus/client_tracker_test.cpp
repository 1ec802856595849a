// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/client_tracker.hpp"

#include "tests/bus/bus_connection_fixture.hpp"

namespace nsd::test {
namespace {

using bus::ClientTracker;

class ClientTrackerTest : public BusConnectionTest {
  protected:
    void SetUp() override {
        BusConnectionTest::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        tracker_ = std::make_unique<ClientTracker>(*connection_, *loop_);
        observer_ = client();
    }
    void TearDown() override {
        observer_.reset();
        tracker_.reset();
        BusConnectionTest::TearDown();
    }

    [[nodiscard]] std::unique_ptr<ClientTracker::Watch> watch(const std::string& name) {
        return tracker_->watch(name, [this] { ++gone_; });
    }
    // What the bus had to say until now has been heard, and what was posted is done.
    void hearAll() {
        ClientTracker own(*connection_, *loop_); // whatever has become of the other one
        const auto marker = client();
        const auto name = marker->uniqueName();
        bool seen = false;
        const auto last = own.watch(name, [&] { seen = true; });
        marker->vanish();
        observer_->turnUntil([&] { return seen; });
        settle();
    }

    std::unique_ptr<ClientTracker> tracker_;
    std::unique_ptr<BusClient> observer_;
    int gone_ = 0;
};

TEST_F(ClientTrackerTest, tellsOnceWhenAClientLeaves) {
    const auto leaver = client();
    const auto watching = watch(leaver->uniqueName());
    hearAll();
    EXPECT_EQ(gone_, 0);
    leaver->vanish();
    observer_->turnUntil([&] { return gone_ > 0; });
    hearAll();
    EXPECT_EQ(gone_, 1);
    EXPECT_EQ(tracker_->watched(), 0U);
}

TEST_F(ClientTrackerTest, tellsOfOneThatHasLeftAlready) {
    const auto leaver = client();
    const auto name = leaver->uniqueName();
    leaver->vanish();
    hearAll();
    const auto watching = watch(name);
    EXPECT_EQ(gone_, 0) << "never from inside the call";
    observer_->turnUntil([&] { return gone_ > 0; });
}

TEST_F(ClientTrackerTest, tellsEverybodyWhoWatchesTheSameClient) {
    const auto leaver = client();
    const auto first = watch(leaver->uniqueName());
    const auto second = watch(leaver->uniqueName());
    EXPECT_EQ(tracker_->watched(), 1U);
    leaver->vanish();
    observer_->turnUntil([&] { return gone_ == 2; });
}

TEST_F(ClientTrackerTest, aWatchThatIsDroppedHearsNothing) {
    const auto leaver = client();
    auto watching = watch(leaver->uniqueName());
    const auto other = watch(leaver->uniqueName());
    watching.reset();
    leaver->vanish();
    hearAll();
    EXPECT_EQ(gone_, 1);
}

TEST_F(ClientTrackerTest, aWatchThatIsDroppedByTheOneBeforeHearsNothing) {
    // Both are told in one turn, in an order that is nobody's business; each drops the other.
    const auto leaver = client();
    std::unique_ptr<ClientTracker::Watch> first;
    std::unique_ptr<ClientTracker::Watch> second;
    first = tracker_->watch(leaver->uniqueName(), [&] {
        second.reset();
        ++gone_;
    });
    second = tracker_->watch(leaver->uniqueName(), [&] {
        first.reset();
        ++gone_;
    });
    leaver->vanish();
    hearAll();
    EXPECT_EQ(gone_, 1);
}

TEST_F(ClientTrackerTest, aWatchMayBeDroppedWhereItIsTold) {
    const auto leaver = client();
    std::unique_ptr<ClientTracker::Watch> watching;
    watching = tracker_->watch(leaver->uniqueName(), [&] {
        watching.reset();
        ++gone_;
    });
    leaver->vanish();
    observer_->turnUntil([&] { return gone_ == 1; });
}

TEST_F(ClientTrackerTest, nothingStaysOfWatchesThatWereDropped) {
    const auto known = client();
    for (int i = 0; i < 3; ++i) {
        const auto watching = watch(known->uniqueName());
        EXPECT_EQ(tracker_->watched(), 1U);
    }
    EXPECT_EQ(tracker_->watched(), 0U);
}

TEST_F(ClientTrackerTest, aWatchMayOutliveTheTracker) {
    const auto known = client();
    const auto watching = watch(known->uniqueName());
    tracker_.reset();
    known->vanish();
    hearAll();
    EXPECT_EQ(gone_, 0);
}

} // namespace
} // namespace nsd::test
