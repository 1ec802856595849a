// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A worker is killed with SIGKILL at every system call that it makes for a request. That costs at most
// this request: nsd lives, says what happened, leaves nothing half-made, and serves the next one.
#include "tests/support/syscall_killer.hpp"
#include "tests/support/system_test.hpp"

#include <set>

namespace nsd::test {
namespace {

class WorkerKillPoints : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("strace");
        SystemTest::SetUp();
    }
    // One worker of a kind, so that it is always the same one that is asked.
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.settings = R"({"workers": 1})";
        return options;
    }

    // Watches all workers during one request and answers the calls that any of them made; at `killAt`,
    // a worker dies.
    std::set<KillPoint> callsDuring(const Arguments& request, const std::optional<KillPoint>& killAt = {}) {
        std::vector<std::unique_ptr<SyscallKiller>> watchers;
        for (const auto worker : daemon().workers())
            watchers.push_back(std::make_unique<SyscallKiller>(worker, killAt));
        status_ = daemon().nsctl(request).status;
        refused_ += status_ == 0 ? 0 : 1;
        std::set<KillPoint> calls;
        for (auto& watcher : watchers) {
            for (auto& call : watcher->finish())
                calls.insert(call);
        }
        return calls;
    }

    template <class Before, class Check>
    std::size_t killAtEachCall(const Arguments& request, Before before, Check check) {
        before();
        const auto points = callsDuring(request);
        EXPECT_EQ(status_, 0);
        check();
        for (const auto& point : points) {
            SCOPED_TRACE(point.call + " number " + std::to_string(point.n));
            before();
            static_cast<void>(callsDuring(request, point));
            EXPECT_FALSE(daemon().waitForExit(std::chrono::milliseconds(0))) << "nsd died, too";
            check();
            EXPECT_TRUE(oracle().clean());
            if (HasFailure())
                break; // the first point tells enough
        }
        return points.size();
    }

    // How many requests were not served, so far.
    [[nodiscard]] unsigned refused() const { return refused_; }
    [[nodiscard]] bool succeeded() const { return status_ == 0; }
    [[nodiscard]] bool isThere(const std::string& name) { return daemon().nsctl({"show", name}).ok(); }
    // Every kind of worker is there, also after one was killed.
    void startWorkers() {
        nsctl({"create", "warm", "-t", "uts"});
        nsctl({"destroy", "warm"});
    }

  private:
    int status_ = -1;
    unsigned refused_ = 0;
};

TEST_F(WorkerKillPoints, OfCreate) {
    const auto points = killAtEachCall(
        {"create", "x", "-t", "all"}, [&] { startWorkers(); },
        [&] {
            EXPECT_EQ(isThere("x"), succeeded());
            if (succeeded()) {
                nsctl({"exec", "x", "true"});
                nsctl({"destroy", "x", "--force"});
            }
        });
    constexpr std::size_t enough = 20;
    EXPECT_GE(points, enough);
    EXPECT_GE(refused(), enough) << "it was not the worker at work that was killed";
}

TEST_F(WorkerKillPoints, OfDestroy) {
    const auto points = killAtEachCall(
        {"destroy", "x"},
        [&] {
            startWorkers();
            nsctl({"create", "x", "-t", "all"});
        },
        [&] { EXPECT_FALSE(isThere("x")) << "the name goes in every case"; });
    constexpr std::size_t enough = 5;
    EXPECT_GE(points, enough);
}

} // namespace
} // namespace nsd::test
