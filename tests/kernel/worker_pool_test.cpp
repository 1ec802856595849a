// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/worker_pool.hpp"

#include "common/error.hpp"
#include "daemon/kernel/loop_scope.hpp"
#include "daemon/kernel/worker_answer.hpp"
#include "tests/kernel/kernel_fixture.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <set>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using namespace std::chrono_literals;

class WorkerPoolTest : public testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }
    void TearDown() override {
        ::unsetenv("NSD_FAKE_WORKER");
        pool_.reset();
        scope_.reset();
        loop_.turnAll();
    }

    WorkerPool& pool(std::size_t makers = 1, std::chrono::microseconds startDeadline = 5s,
        const std::string& program = NSD_FAKE_WORKER_PROGRAM) {
        scope_.emplace(loop_.loop());
        pool_.emplace(*scope_, loop_.log(),
            WorkerPool::Options{program, directory_.path().string(), makers, startDeadline});
        return *pool_;
    }

    Answer<WorkerAnswer> order(
        const std::string& what, std::chrono::microseconds deadline = 10s, WorkKind kind = WorkKind::Make) {
        protocol::MakeRequest request;
        request.spec.hostname = what;
        Answer<WorkerAnswer> answer;
        pool_->submit(kind, {"obey", request, {}, deadline, {}, answer.completion()});
        return answer;
    }

    pid_t pidOf(Answer<WorkerAnswer> answer) {
        auto taken = await(loop_, answer);
        return replyOf<protocol::MakeReply>(taken).initPid;
    }

    Errc errorOf(Answer<WorkerAnswer> answer) {
        try {
            static_cast<void>(await(loop_, answer));
        } catch (const Error& error) {
            text_ = error.text();
            return error.code();
        }
        throw std::runtime_error("there was no error");
    }

    static ino_t mountNamespaceOf(pid_t pid) {
        struct stat status {};
        ::stat(("/proc/" + std::to_string(pid) + "/ns/mnt").c_str(), &status);
        return status.st_ino;
    }

    TempDir directory_;
    TurnedLoop loop_;
    std::optional<LoopScope> scope_;
    std::optional<WorkerPool> pool_;
    std::string text_;
};

TEST_F(WorkerPoolTest, StartsNoWorkerBeforeThereIsWork) {
    EXPECT_TRUE(pool(4).pids().empty());
}

TEST_F(WorkerPoolTest, GivesRequestAfterRequestToTheSameWorker) {
    pool(4);
    const auto first = pidOf(order("one"));
    EXPECT_EQ(first, pidOf(order("two")));
    EXPECT_EQ(pool_->pids(), std::vector<pid_t>{first});
}

TEST_F(WorkerPoolTest, AnswersInTheOrderOfTheRequests) {
    pool(1);
    std::vector<Answer<WorkerAnswer>> answers;
    for (int i = 0; i < 20; ++i)
        answers.push_back(order("x"));
    for (std::size_t i = 0; i < answers.size(); ++i) {
        ASSERT_TRUE(loop_.turnUntil([&] { return answers[i].there(); }));
        for (std::size_t later = i + 1; later < answers.size(); ++later)
            EXPECT_TRUE(answers[later - 1].there() || !answers[later].there())
                << "request " << later << " was answered too early";
    }
}

TEST_F(WorkerPoolTest, WorkersShareOneMountNamespaceThatIsNotTheDaemons) {
    pool(2);
    const auto hanging = order("hang");
    const auto second = pidOf(order("x"));
    const auto pids = pool_->pids();
    ASSERT_EQ(pids.size(), 2U);
    EXPECT_EQ(mountNamespaceOf(pids[0]), mountNamespaceOf(second));
    EXPECT_EQ(mountNamespaceOf(pids[1]), mountNamespaceOf(second));
    EXPECT_NE(mountNamespaceOf(::getpid()), mountNamespaceOf(second));
}

TEST_F(WorkerPoolTest, TheBaseNamespaceOutlivesTheWorkerThatMadeIt) {
    pool(1);
    const auto base = mountNamespaceOf(pidOf(order("x")));
    EXPECT_EQ(errorOf(order("die")), Errc::KernelError);
    EXPECT_EQ(mountNamespaceOf(pidOf(order("x"))), base);
}

TEST_F(WorkerPoolTest, AWorkerInheritsNothingButItsSocket) {
    const UniqueFd leaky(::open("/dev/zero", O_RDONLY)); // without O_CLOEXEC
    const UniqueFd high(::fcntl(leaky.get(), F_DUPFD, 200));
    pool(1);
    const auto worker = pidOf(order("x"));
    EXPECT_EQ(descriptorsOf(worker).size(), 4U);
}

TEST_F(WorkerPoolTest, KillsAWorkerThatMissesItsDeadlineAndGoesOnWithAnother) {
    pool(1);
    const auto first = pidOf(order("x"));
    EXPECT_EQ(errorOf(order("hang", 50ms)), Errc::TimedOut);
    EXPECT_NE(text_.find("obey"), std::string::npos) << text_;
    const auto second = pidOf(order("x"));
    EXPECT_NE(first, second);
    EXPECT_TRUE(loop_.turnUntil([&] { return pool_->stuck() == 0; }));
    EXPECT_NE(::kill(first, 0), 0);
}

TEST_F(WorkerPoolTest, AWorkerThatDiesAtWorkCostsOneRequest) {
    pool(1);
    const auto lost = order("die");
    const auto next = order("x");
    EXPECT_EQ(errorOf(lost), Errc::KernelError);
    EXPECT_NE(text_.find("signal 9"), std::string::npos) << text_;
    EXPECT_GT(pidOf(next), 0);
    EXPECT_EQ(errorOf(order("exit")), Errc::KernelError);
    EXPECT_NE(text_.find("status 7"), std::string::npos) << text_;
}

TEST_F(WorkerPoolTest, WhatAWorkerSaidBeforeItDiedCounts) {
    pool(1);
    EXPECT_GT(pidOf(order("answer and die")), 0);
    ASSERT_TRUE(loop_.turnUntil([&] { return pool_->pids().empty(); }));
    EXPECT_GT(pidOf(order("x")), 0);
}

TEST_F(WorkerPoolTest, AWorkerThatClosesItsSocketIsReplaced) {
    pool(1);
    EXPECT_EQ(errorOf(order("close")), Errc::KernelError);
    EXPECT_GT(pidOf(order("x")), 0);
}

TEST_F(WorkerPoolTest, AWorkerThatTalksNonsenseIsReplaced) {
    pool(1);
    const auto first = pidOf(order("x"));
    EXPECT_EQ(errorOf(order("garbage")), Errc::KernelError);
    EXPECT_NE(pidOf(order("x")), first);
}

TEST_F(WorkerPoolTest, AWorkerThatAnswersTwiceIsReplaced) {
    pool(1);
    EXPECT_GT(pidOf(order("twice")), 0);
    EXPECT_TRUE(loop_.turnUntil([&] { return loop_.log().has("nobody had asked for"); }));
    EXPECT_GT(pidOf(order("x")), 0);
}

TEST_F(WorkerPoolTest, AnErrorOfTheWorkerIsTheAnswerAndTheWorkerStays) {
    pool(1);
    const auto first = pidOf(order("x"));
    EXPECT_EQ(errorOf(order("error")), Errc::LimitExceeded);
    EXPECT_EQ(text_, "ordered");
    EXPECT_EQ(pidOf(order("x")), first);
}

TEST_F(WorkerPoolTest, AWorkerThatDiesWhileIdleIsReplacedUnseen) {
    pool(1);
    const auto first = pidOf(order("x"));
    ASSERT_EQ(::kill(first, SIGKILL), 0);
    siginfo_t info{};
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(first), &info, WEXITED | WNOWAIT), 0);
    EXPECT_NE(pidOf(order("x")), first);
}

TEST_F(WorkerPoolTest, AWorkerThatCannotStartFailsEveryRequestOnce) {
    ::setenv("NSD_FAKE_WORKER", "die", 1);
    pool(2);
    std::vector<Answer<WorkerAnswer>> answers{order("a"), order("b"), order("c")};
    answers.push_back(order("d", 10s, WorkKind::Release));
    for (auto& answer : answers) {
        EXPECT_EQ(errorOf(answer), Errc::KernelError);
        EXPECT_EQ(answer.times(), 1);
    }
    ::unsetenv("NSD_FAKE_WORKER");
    EXPECT_GT(pidOf(order("x")), 0);
}

TEST_F(WorkerPoolTest, AWorkerThatNeverGetsReadyIsGivenUp) {
    ::setenv("NSD_FAKE_WORKER", "hang", 1);
    pool(1, 2s);
    EXPECT_EQ(errorOf(order("x")), Errc::TimedOut);
    ::unsetenv("NSD_FAKE_WORKER");
    EXPECT_GT(pidOf(order("x")), 0);
}

TEST_F(WorkerPoolTest, AMissingProgramFailsTheRequest) {
    pool(1, 5s, "/nonexistent/nsd-worker");
    EXPECT_EQ(errorOf(order("x")), Errc::KernelError);
    EXPECT_NE(text_.find("/nonexistent/nsd-worker"), std::string::npos) << text_;
}

TEST_F(WorkerPoolTest, ASlowReleaseLetsOthersPass) {
    pool(1);
    std::vector<Answer<WorkerAnswer>> slow;
    for (int i = 0; i < 4; ++i)
        slow.push_back(order("hang", 10s, WorkKind::Release));
    EXPECT_GT(pidOf(order("x", 10s, WorkKind::Release)), 0);
    for (const auto& answer : slow)
        EXPECT_FALSE(answer.there());
}

TEST_F(WorkerPoolTest, HangingReleasesDoNotTouchTheMakingOfNamespaces) {
    pool(1);
    const auto hanging = order("hang", 10s, WorkKind::Release);
    EXPECT_GT(pidOf(order("x")), 0);
    EXPECT_FALSE(hanging.there());
}

// A user database in the network may hang for as long as it likes.
TEST_F(WorkerPoolTest, AHangingLookUpCostsOneWorkerAndNobodyWaitsForIt) {
    pool(1);
    const auto hanging = order("hang", 10s, WorkKind::LookUp);
    EXPECT_GT(pidOf(order("x")), 0);
    EXPECT_GT(pidOf(order("x", 10s, WorkKind::LookUp)), 0);
    EXPECT_FALSE(hanging.there());
    EXPECT_EQ(errorOf(order("hang", 50ms, WorkKind::LookUp)), Errc::TimedOut);
}

TEST_F(WorkerPoolTest, NoDescriptorLeftMeansLimitExceededAndNothingIsLost) {
    pool(1);
    EXPECT_GT(pidOf(order("x")), 0);
    const auto before = descriptorsOf(::getpid()).size();
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    const rlimit tight{static_cast<rlim_t>(before + 8), limit.rlim_max};
    const auto many = order("fds");
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    const auto code = errorOf(many);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    EXPECT_EQ(code, Errc::LimitExceeded) << text_;
    EXPECT_EQ(descriptorsOf(::getpid()).size(), before);
    EXPECT_GT(pidOf(order("x")), 0);
}

TEST_F(WorkerPoolTest, AWorkerThatCannotBeStartedForWantOfDescriptorsIsALimit) {
    pool(1);
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    const auto lowest = UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)).get();
    for (rlim_t spare = 0; spare < 6; ++spare) {
        const rlimit tight{static_cast<rlim_t>(lowest) + spare, limit.rlim_max};
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
        const auto answer = order("x");
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
        if (!pool_->pids().empty())
            break;
        EXPECT_EQ(errorOf(answer), Errc::LimitExceeded) << text_;
    }
    EXPECT_GT(pidOf(order("x")), 0);
}

TEST_F(WorkerPoolTest, EveryRequestIsAnsweredOnceHoweverWorkersAreKilled) {
    pool(2);
    EXPECT_GT(pidOf(order("x")), 0);
    const auto before = descriptorsOf(::getpid()).size();
    std::vector<Answer<WorkerAnswer>> answers;
    for (int round = 0; round < 150; ++round) {
        answers.push_back(order("x"));
        answers.push_back(order("x"));
        // Round by round a little later in the life of a worker and its request.
        const auto until = std::chrono::steady_clock::now() + round * 20us;
        static_cast<void>(loop_.turnUntil([&] { return std::chrono::steady_clock::now() >= until; }));
        for (const auto pid : pool_->pids())
            ::kill(pid, SIGKILL);
    }
    for (auto& answer : answers)
        ASSERT_TRUE(loop_.turnUntil([&] { return answer.there(); }));
    EXPECT_GT(pidOf(order("x")), 0);
    loop_.turnAll();
    for (auto& answer : answers)
        EXPECT_EQ(answer.times(), 1);
    // One worker more than before may be idle now: its socket and pidfd.
    EXPECT_LE(descriptorsOf(::getpid()).size(), before + 2);
}

TEST_F(WorkerPoolTest, WorkersDieWithThePool) {
    pool(1);
    const auto worker = pidOf(order("x"));
    pool_.reset();
    EXPECT_TRUE(loop_.turnUntil([&] { return ::kill(worker, 0) != 0; }));
}

} // namespace
} // namespace nsd::test
