// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Workers that hang in the kernel, unkillable, since the server of a file system does not answer.
#include "common/error.hpp"
#include "daemon/kernel/last_references.hpp"
#include "daemon/kernel/loop_scope.hpp"
#include "daemon/kernel/worker_pool.hpp"
#include "tests/kernel/linux_kernel_fixture.hpp"
#include "tests/support/require.hpp"
#include "tests/support/silent_fuse.hpp"

#include <algorithm>
#include <memory>
#include <unistd.h>

namespace nsd::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class LinuxKernelStuckTest : public LinuxKernelTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE(::access("/dev/fuse", R_OK | W_OK) == 0, "/dev/fuse");
        NSD_REQUIRE(::access("/dev/loop-control", R_OK | W_OK) == 0, "loop devices");
        options_.workerDeadline = 1s;
        LinuxKernelTest::SetUp();
    }
};

TEST_F(LinuxKernelStuckTest, AMountNamespaceThatCannotEndIsNotReleasedAndHoldsUpNothing) {
    auto made = make(NamespaceTypes{NamespaceType::Mnt, NamespaceType::Uts});
    SilentFuse fuse(pathOf(made.fds.at(NamespaceType::Mnt)));
    Answer<std::map<NamespaceType, Released>> stuck;
    kernel().retire(std::move(made.fds), 3s, stuck.completion());
    for (int i = 0; i < 20; ++i) {
        const auto begin = Clock::now();
        auto other = make(NamespaceTypes{NamespaceType::Mnt});
        expectReleased(retire(std::move(other.fds)), {NamespaceType::Mnt});
        EXPECT_LT(Clock::now() - begin, 2500ms);
    }
    const auto released = await(loop_, stuck);
    const bool tells = kernelTellsOfDeath();
    EXPECT_EQ(toWord(released.at(NamespaceType::Mnt)), tells ? "no" : "unknown");
    EXPECT_EQ(toWord(released.at(NamespaceType::Uts)), tells ? "yes" : "unknown");
    // Killed, but it cannot die before the server does.
    EXPECT_TRUE(loop_.turnUntil([&] { return loop_.log().has("is killed: drop the last references"); }));
}

TEST_F(LinuxKernelStuckTest, StuckWorkersAreCountedAndDieWhenTheKernelLetsThem) {
    LoopScope scope(loop_.loop());
    auto pool = std::make_unique<WorkerPool>(scope, loop_.log(),
        WorkerPool::Options{options_.helperDirectory + "/nsd-worker", options_.runtimeDirectory, 1, 5s});
    LastReferences references(scope, loop_.log(), *pool, 100ms);
    auto made = make(NamespaceTypes{NamespaceType::Mnt});
    SilentFuse fuse(pathOf(made.fds.at(NamespaceType::Mnt)));
    std::vector<UniqueFd> fds;
    fds.push_back(std::move(made.fds.at(NamespaceType::Mnt)));
    std::optional<bool> dropped;
    references.drop(std::move(fds), [&](bool ok) { dropped = ok; });
    EXPECT_TRUE(loop_.turnUntil([&] { return dropped.has_value(); }));
    EXPECT_EQ(dropped, false);
    EXPECT_EQ(pool->stuck(), 1U);
    EXPECT_EQ(pool->pids().size(), 1U);
    fuse.release();
    EXPECT_TRUE(loop_.turnUntil([&] { return pool->stuck() == 0; }));
}

TEST_F(LinuxKernelStuckTest, TooManyStuckWorkersMeanWaitingAndNotMoreWorkers) {
    constexpr std::size_t most = 16 + 2;
    LoopScope scope(loop_.loop());
    auto pool = std::make_unique<WorkerPool>(scope, loop_.log(),
        WorkerPool::Options{options_.helperDirectory + "/nsd-worker", options_.runtimeDirectory, 1, 5s});
    LastReferences references(scope, loop_.log(), *pool, 50ms);
    std::vector<std::unique_ptr<SilentFuse>> servers;
    std::size_t answered = 0;
    for (std::size_t i = 0; i < most + 1; ++i) {
        auto made = make(NamespaceTypes{NamespaceType::Mnt});
        servers.push_back(std::make_unique<SilentFuse>(pathOf(made.fds.at(NamespaceType::Mnt))));
        std::vector<UniqueFd> fds;
        fds.push_back(std::move(made.fds.at(NamespaceType::Mnt)));
        references.drop(std::move(fds), [&](bool) { ++answered; });
        ASSERT_TRUE(loop_.turnUntil([&] { return pool->stuck() == std::min(i + 1, most); })) << i;
    }
    EXPECT_TRUE(loop_.turnUntil([&] { return loop_.log().has("hang in the kernel, and no more"); }));
    EXPECT_EQ(pool->pids().size(), most);
    EXPECT_EQ(answered, most);
    for (const auto& server : servers)
        server->release();
    // The one that had to wait is dropped after all.
    EXPECT_TRUE(loop_.turnUntil([&] { return pool->stuck() == 0 && answered == most + 1; }))
        << pool->stuck() << " stuck, " << answered << " answered, last said: " << loop_.log().lines().back();
}

} // namespace
} // namespace nsd::test
