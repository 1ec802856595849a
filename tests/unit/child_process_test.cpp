// SPDX-License-Identifier: LGPL-2.1-or-later
// How a child of a worker notices that its parent has died before it could be tied to it.
#include "daemon/protocol/channel.hpp"
#include "daemon/worker/child_process.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

// As in a pid namespace of its own, where each parent has the number that getppid(2) answers: 0.
void dieWithClosedParent() {
    auto [ours, theirs] = protocol::socketPair();
    ours.reset();
    ParentChannel(std::move(theirs), ::getppid()).dieWithParent();
    ::_exit(EXIT_SUCCESS);
}

void dieWithOtherParent() {
    auto [ours, theirs] = protocol::socketPair();
    ParentChannel(std::move(theirs), ::getpid()).dieWithParent();
    ::_exit(EXIT_SUCCESS);
}

void dieWithLivingParent() {
    auto [ours, theirs] = protocol::socketPair();
    ParentChannel(std::move(theirs), ::getppid()).dieWithParent();
    ::_exit(EXIT_SUCCESS);
}

TEST(ChildOfAWorker, endsWhereItsParentHasClosedItsSide) {
    EXPECT_EXIT(dieWithClosedParent(), testing::ExitedWithCode(EXIT_FAILURE), "");
}

TEST(ChildOfAWorker, endsWhereItsParentIsAnother) {
    EXPECT_EXIT(dieWithOtherParent(), testing::ExitedWithCode(EXIT_FAILURE), "");
}

TEST(ChildOfAWorker, goesOnWhereItsParentLives) {
    EXPECT_EXIT(dieWithLivingParent(), testing::ExitedWithCode(EXIT_SUCCESS), "");
}

} // namespace
} // namespace nsd::worker
