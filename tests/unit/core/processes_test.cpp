// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/unit/core/processes_fixture.hpp"

#include <csignal>
#include <cstdint>

namespace nsd::test {
namespace {

constexpr std::chrono::seconds shown{60};

TEST_F(ProcessesTest, aStartedProcessIsShown) {
    const auto number = run();
    const auto* process = processes_->find(number);
    ASSERT_NE(process, nullptr);
    EXPECT_EQ(process->namespaceUuid, web_);
    EXPECT_EQ(process->uid, somebody);
    EXPECT_EQ(process->pid, launcher_.lastPid());
    EXPECT_FALSE(process->end);
    EXPECT_EQ(seen_.seen, std::vector<std::string>{"started 0"});
    EXPECT_EQ(processes_->list().size(), 1U);
}

TEST_F(ProcessesTest, aUidInsideIsNobodysOutside) {
    constexpr uid_t inside = somebody;
    constexpr uid_t outside = 1001;
    launcher_.mapInside(outside);
    const auto number = run(startInside(web_, inside));
    EXPECT_EQ(launcher_.launches().back().uid, 0U); // nobody can say yet
    const auto expect = [&] {
        EXPECT_EQ(processes_->find(number)->uid, outside);
        EXPECT_EQ(namespaces_->quotas().used(outside, Quota::Processes), 1U);
        EXPECT_EQ(namespaces_->quotas().used(inside, Quota::Processes), 0U);
        EXPECT_EQ(namespaces_->quotas().used(0, Quota::Processes), 0U);
    };
    expect();
    restartProcesses();
    expect();
}

TEST_F(ProcessesTest, anEndedProcessIsShownForAMinute) {
    const auto number = run();
    finish(launcher_.lastPid(), CLD_EXITED, 7);
    ASSERT_TRUE(processes_->find(number)->end);
    EXPECT_EQ(processes_->find(number)->end->code, CLD_EXITED);
    EXPECT_EQ(processes_->find(number)->end->status, 7);
    loop_.advance(shown - std::chrono::seconds(1));
    EXPECT_NE(processes_->find(number), nullptr);
    loop_.advance(std::chrono::seconds(1));
    loop_.settle();
    EXPECT_EQ(processes_->find(number), nullptr);
    EXPECT_EQ(files(), 0U);
    EXPECT_EQ(seen_.seen, (std::vector<std::string>{"started 0", "ended 0", "forgotten 0"}));
}

TEST_F(ProcessesTest, numbersAreNeverUsedAgain) {
    const auto first = run();
    finish(launcher_.lastPid(), CLD_EXITED, 0);
    loop_.advance(shown);
    restartProcesses();
    EXPECT_GT(run(), first);
}

TEST_F(ProcessesTest, aFailedLaunchLeavesNothing) {
    launcher_.failNext(Error(Errc::KernelError, "execute \"x\": No such file or directory", ENOENT));
    EXPECT_EQ(textOf([&] { run(); }), "execute \"x\": No such file or directory");
    EXPECT_EQ(files(), 0U);
    EXPECT_TRUE(processes_->list().empty());
    EXPECT_TRUE(seen_.seen.empty());
    EXPECT_EQ(namespaces_->quotas().used(somebody, Quota::Processes), 0U);
}

TEST_F(ProcessesTest, whatIsDestroyedMeanwhileGetsNoMember) {
    launcher_.holdAnswers();
    std::optional<Outcome<StartedProcess>> outcome;
    processes_->start(
        startIn(web_), [&](Outcome<StartedProcess> answer) { outcome.emplace(std::move(answer)); });
    destroy(web_);
    launcher_.answer();
    loop_.settle();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->error().code(), Errc::NoSuchNamespace);
    EXPECT_EQ(launcher_.signals(), (std::vector<std::pair<pid_t, int>>{
                                       {-launcher_.lastPid(), SIGKILL}, {launcher_.lastPid(), SIGKILL}}));
    EXPECT_TRUE(processes_->list().empty());
    EXPECT_EQ(files(), 0U);
}

TEST_F(ProcessesTest, aUserHasALimitedNumberOfRunningOnes) {
    constexpr std::uint32_t limit = 64;
    const auto first = run();
    const auto firstPid = launcher_.lastPid();
    for (std::uint32_t i = 1; i < limit; ++i)
        run();
    EXPECT_EQ(codeOf([&] { run(); }), "LimitExceeded");
    run(startIn(web_, somebody + 1));
    run(startIn(web_, 0));
    finish(firstPid, CLD_EXITED, 0);
    EXPECT_NE(processes_->find(first), nullptr);
    run();
}

TEST_F(ProcessesTest, killSendsASignal) {
    const auto number = run();
    processes_->kill(number, SIGHUP);
    EXPECT_EQ(launcher_.signals(), (std::vector<std::pair<pid_t, int>>{{launcher_.lastPid(), SIGHUP}}));
    for (const int wrong : {0, -1, 65, 1000})
        EXPECT_EQ(codeOf([&] { processes_->kill(number, wrong); }), "InvalidArgument") << wrong;
    finish(launcher_.lastPid(), CLD_KILLED, SIGHUP);
    EXPECT_EQ(codeOf([&] { processes_->kill(number, SIGHUP); }), "KernelError");
    EXPECT_EQ(codeOf([&] { processes_->kill(number + 1, SIGHUP); }), "InvalidArgument");
}

TEST_F(ProcessesTest, waitIsAnsweredAtTheEnd) {
    const auto number = run();
    std::vector<int> answers;
    const auto wait = [&] {
        processes_->wait(number, [&](Outcome<ProcessEnd> end) { answers.push_back(end.value().status); });
    };
    wait();
    wait();
    loop_.settle();
    EXPECT_TRUE(answers.empty());
    finish(launcher_.lastPid(), CLD_EXITED, 5);
    EXPECT_EQ(answers, (std::vector<int>{5, 5}));
    wait();
    loop_.settle();
    EXPECT_EQ(answers, (std::vector<int>{5, 5, 5}));
}

TEST_F(ProcessesTest, waitTakesTwentySecondsAtMost) {
    const auto number = run();
    std::vector<Errc> errors;
    processes_->wait(number, [&](Outcome<ProcessEnd> end) { errors.push_back(end.error().code()); });
    loop_.advance(std::chrono::seconds(19));
    EXPECT_TRUE(errors.empty());
    loop_.advance(std::chrono::seconds(1));
    EXPECT_EQ(errors, std::vector<Errc>{Errc::TimedOut});
}

TEST_F(ProcessesTest, aKilledSupervisorMeansAKilledCommand) {
    const auto number = run();
    launcher_.killSupervisor(launcher_.lastPid());
    loop_.settle();
    EXPECT_FALSE(processes_->find(number)->end);
    launcher_.killCommand(launcher_.lastPid());
    loop_.settle();
    ASSERT_TRUE(processes_->find(number)->end);
    EXPECT_EQ(processes_->find(number)->end->code, CLD_KILLED);
    EXPECT_EQ(processes_->find(number)->end->status, SIGKILL);
}

TEST_F(ProcessesTest, aRunningProcessIsFoundAgain) {
    auto start = startIn(web_);
    start.tie = ClientTie{":1.7", "bus"};
    const auto number = run(std::move(start));
    restartProcesses();
    const auto* process = processes_->find(number);
    ASSERT_NE(process, nullptr);
    EXPECT_EQ(process->pid, launcher_.lastPid());
    EXPECT_EQ(process->tie, (ClientTie{":1.7", "bus"}));
    EXPECT_EQ(namespaces_->quotas().used(somebody, Quota::Processes), 1U);
    finish(launcher_.lastPid(), CLD_EXITED, 3);
    EXPECT_EQ(processes_->find(number)->end->status, 3);
    EXPECT_EQ(namespaces_->quotas().used(somebody, Quota::Processes), 0U);
}

TEST_F(ProcessesTest, anEndWithoutADaemonIsKnownAfterwards) {
    const auto number = run();
    processes_.reset();
    finish(launcher_.lastPid(), CLD_EXITED, 9);
    loop_.advance(std::chrono::seconds(50));
    openProcesses();
    ASSERT_TRUE(processes_->find(number));
    EXPECT_EQ(processes_->find(number)->end->status, 9);
    loop_.advance(std::chrono::seconds(10));
    loop_.settle();
    EXPECT_EQ(processes_->find(number), nullptr);
    EXPECT_EQ(files(), 0U);
}

TEST_F(ProcessesTest, whatNobodyWroteDownWasKilled) {
    const auto number = run();
    processes_.reset();
    launcher_.killSupervisor(launcher_.lastPid());
    launcher_.killCommand(launcher_.lastPid());
    openProcesses();
    ASSERT_TRUE(processes_->find(number)->end);
    EXPECT_EQ(processes_->find(number)->end->status, SIGKILL);
}

TEST_F(ProcessesTest, aFileOfALaunchThatNeverWasGoes) {
    writeFile(directory_ / "process" / "5", toLine(ProcessState::Begin{web_}));
    openProcesses();
    EXPECT_EQ(files(), 0U);
    EXPECT_TRUE(processes_->list().empty());
}

TEST_F(ProcessesTest, rubbishDoesNotStopTheStart) {
    const auto number = run();
    processes_.reset();
    writeFile(directory_ / "process" / "6", "rubbish\n");
    writeFile(directory_ / "process" / "7", std::string(10'000, 'x'));
    writeFile(directory_ / "process" / "name", "");
    std::filesystem::create_directory(directory_ / "process" / "8");
    std::filesystem::create_symlink("/dev/zero", directory_ / "process" / "9");
    openProcesses();
    EXPECT_NE(processes_->find(number), nullptr);
    EXPECT_EQ(processes_->list().size(), 1U);
    EXPECT_EQ(log_.warnings.size(), 5U);
}

TEST_F(ProcessesTest, aProcessOutlivesItsNamespace) {
    const auto number = run();
    destroy(web_);
    EXPECT_EQ(processes_->find(number)->namespaceUuid, web_);
    finish(launcher_.lastPid(), CLD_KILLED, SIGKILL);
    EXPECT_TRUE(processes_->find(number)->end);
}

} // namespace
} // namespace nsd::test
