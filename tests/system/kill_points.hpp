// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/require.hpp"
#include "tests/support/syscall_killer.hpp"
#include "tests/support/system_test.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace nsd::test {

// nsd is killed with SIGKILL at every single system call that it makes for one request; a run under strace
// finds the calls.
class KillPointTest : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("strace");
        SystemTest::SetUp();
    }

    // Kills nsd at each system call of one request; `before` makes its preconditions, `check` looks
    // at what the new nsd says. Answers how many points were hit.
    template <class Before, class Check>
    unsigned killAtEachCall(const Arguments& request, Before before, Check check) {
        before();
        SyscallKiller watcher(daemon().pid());
        nsctl(request);
        const auto points = watcher.finish();
        check(true);
        unsigned hit = 0;
        for (const auto& point : points) {
            SCOPED_TRACE(point.call + " number " + std::to_string(point.n));
            before();
            const auto [killed, answered] = killAt(point, request);
            if (killed) {
                ++hit;
                daemon().start();
            }
            check(answered);
            EXPECT_TRUE(nothingHalfMade());
            if (HasFailure())
                break; // the first point tells enough
        }
        std::printf("%u of %zu points hit\n", hit, points.size());
        return hit;
    }

    // Whether nsd came to this point, and whether the client had its answer by then. The timing
    // differs from run to run, so that the last of the calls may not be made again.
    std::pair<bool, bool> killAt(const KillPoint& point, const Arguments& request) {
        SyscallKiller killer(daemon().pid(), point);
        const bool answered = daemon().nsctl(request).ok();
        constexpr std::chrono::milliseconds whileItMayCome(200);
        constexpr std::chrono::milliseconds untilItIsDead(10'000);
        static_cast<void>(daemon().waitForExit(answered ? whileItMayCome : untilItIsDead));
        // Perhaps it comes there only now: the call is in strace's list then, and the signal on its way.
        const bool came = killer.finish().size() >= point.n;
        const bool killed = daemon().waitForExit(came ? untilItIsDead : whileItMayCome).has_value();
        return {killed, answered};
    }

    testing::AssertionResult nothingHalfMade() {
        for (const auto* leaf : {".stage", ".trash", ".quarantine"}) {
            const auto directory = daemon().runtimeDirectory() / "ns" / leaf;
            const auto isEmpty = [&] {
                return !std::filesystem::exists(directory) || std::filesystem::is_empty(directory);
            };
            if (!eventually(isEmpty))
                return testing::AssertionFailure() << leaf << " is not empty";
        }
        return testing::AssertionSuccess();
    }
};

} // namespace nsd::test
