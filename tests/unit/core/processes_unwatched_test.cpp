// SPDX-License-Identifier: LGPL-2.1-or-later
// Processes in a daemon that has no room left for what it would watch them by.
#include "tests/unit/core/processes_fixture.hpp"

#include <csignal>
#include <sys/resource.h>

namespace nsd::test {
namespace {

using Signals = std::vector<std::pair<pid_t, int>>;

// No descriptor can be opened while it lives.
class NoMoreDescriptors {
  public:
    NoMoreDescriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit none = before_;
        const UniqueFd next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        none.rlim_cur = static_cast<rlim_t>(next.get()); // not 0: poll(2) heeds it, too
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoMoreDescriptors(const NoMoreDescriptors&) = delete;
    NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;

  private:
    rlimit before_{};
};

TEST_F(ProcessesTest, whatCannotBeWatchedIsKilledAndForgotten) {
    loop_.refuseWatches();
    EXPECT_EQ(codeOf([&] { run(); }), "LimitExceeded");
    loop_.refuseWatches(false);
    EXPECT_EQ(
        launcher_.signals(), (Signals{{-launcher_.lastPid(), SIGKILL}, {launcher_.lastPid(), SIGKILL}}));
    EXPECT_TRUE(processes_->list().empty());
    EXPECT_TRUE(seen_.seen.empty());
    EXPECT_EQ(files(), 0U);
    EXPECT_EQ(namespaces_->quotas().used(somebody, Quota::Processes), 0U);
}

TEST_F(ProcessesTest, whatWouldRunUnwatchedIsKilled) {
    const auto number = run();
    launcher_.killSupervisor(launcher_.lastPid());
    loop_.refuseWatches();
    loop_.settle();
    loop_.refuseWatches(false);
    EXPECT_EQ(launcher_.signals(), (Signals{{launcher_.lastPid(), SIGKILL}}));
    ASSERT_TRUE(processes_->find(number)->end);
    EXPECT_EQ(processes_->find(number)->end->status, SIGKILL);
}

TEST_F(ProcessesTest, noDescriptorLeftEndsNoDaemon) {
    const auto number = run();
    launcher_.killSupervisor(launcher_.lastPid());
    {
        const NoMoreDescriptors none;
        EXPECT_NO_THROW(loop_.settle());
    }
    EXPECT_TRUE(processes_->find(number)->end);
}

TEST_F(ProcessesTest, whatCannotBeWatchedAfterARestartIsUnknown) {
    const auto number = run();
    processes_.reset();
    loop_.settle();
    loop_.refuseWatches();
    openProcesses();
    loop_.refuseWatches(false);
    EXPECT_EQ(processes_->find(number), nullptr);
    EXPECT_EQ(seen_.seen, std::vector<std::string>{"started 0"}); // before
    openProcesses();
    EXPECT_NE(processes_->find(number), nullptr);
}

} // namespace
} // namespace nsd::test
