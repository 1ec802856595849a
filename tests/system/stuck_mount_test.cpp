// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A mount namespace whose end hangs in the kernel: it costs one worker, never the daemon.
#include "tests/support/silent_fuse.hpp"
#include "tests/support/system_test.hpp"

#include <unistd.h>

namespace nsd::test {
namespace {

using Clock = std::chrono::steady_clock;

class StuckMount : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE(::access("/dev/fuse", R_OK | W_OK) == 0, "/dev/fuse");
        NSD_REQUIRE(::access("/dev/loop-control", R_OK | W_OK) == 0, "loop devices");
        SystemTest::SetUp();
    }
};

template <class Work>
std::chrono::milliseconds timeOf(Work work) {
    const auto begin = Clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
}

TEST_F(StuckMount, DestroyEndsByItsTimeoutAndOthersAreServedMeanwhile) {
    nsctl({"create", "stuck", "-t", "mnt"});
    nsctl({"create", "other", "-t", "uts"});
    {
        SilentFuse fuse(daemon().pin("stuck", "mnt"));
        CommandOptions options;
        options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
        const auto begin = Clock::now();
        BackgroundProcess destroying(
            {TestDaemon::binary("nsctl"), "destroy", "stuck", "--timeout", "2s", "--wait"}, options);
        ASSERT_TRUE(eventually([&] { return daemon().nsctl({"show", "stuck"}).status == 1; }));
        constexpr int questions = 20;
        for (int i = 0; i < questions; ++i)
            EXPECT_LT(timeOf([&] { nsctl({"show", "other"}); }), std::chrono::milliseconds(500));
        // What needs a worker goes on, too: another one is there.
        EXPECT_LT(timeOf([&] { nsctl({"create", "more", "-t", "uts"}); }), std::chrono::seconds(1));
        const auto status = destroying.wait(std::chrono::seconds(10));
        const auto took = Clock::now() - begin;
        ASSERT_TRUE(status) << "Destroy hangs";
        EXPECT_EQ(*status, kernelHasNamespaceHandles() ? 1 : 0);
        EXPECT_GE(took, std::chrono::milliseconds(1900));
        EXPECT_LT(took, std::chrono::seconds(5));
    }
    destroy("more");
    destroy("other");
    // Once the server is dead, the kernel ends all that was stuck.
    EXPECT_TRUE(oracle().clean(std::chrono::seconds(20)));
}

TEST_F(StuckMount, MoreStuckNamespacesThanWorkersAreStillServed) {
    constexpr int count = 4;
    std::vector<std::unique_ptr<SilentFuse>> servers;
    for (int i = 0; i < count; ++i) {
        const auto name = "stuck" + std::to_string(i);
        nsctl({"create", name, "-t", "mnt"});
        servers.push_back(std::make_unique<SilentFuse>(daemon().pin(name, "mnt")));
    }
    for (int i = 0; i < count; ++i)
        EXPECT_LT(timeOf([&] {
            EXPECT_EQ(
                daemon().nsctl({"destroy", "stuck" + std::to_string(i), "--timeout", "300ms"}).status, 0);
        }),
            std::chrono::seconds(4));
    EXPECT_LT(timeOf([&] { nsctl({"create", "other", "-t", "net"}); }), std::chrono::seconds(2));
    destroy("other");
    servers.clear();
    EXPECT_TRUE(oracle().clean(std::chrono::seconds(20)));
}

} // namespace
} // namespace nsd::test
