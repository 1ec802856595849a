// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Exec by the real daemon: an ordinary user's commands, and what becomes of them whatever nsd does.
#include "common/pipe.hpp"
#include "tests/support/ordinary_users.hpp"
#include "tests/support/process_table.hpp"
#include "tests/system/exec_client.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <random>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::test {
namespace {

// Below this test.
bool isRunning(const std::string& end) {
    const auto all = descendantsOf(::getpid());
    return std::any_of(
        all.begin(), all.end(), [&](const auto& process) { return commandLine(process.pid).ends_with(end); });
}

// Each process has the next number, also one that does not come to run.
std::uint64_t numberOf(const std::string& path) {
    return std::stoull(path.substr(path.rfind('/') + 1));
}

class Exec : public UserTest {
  protected:
    void SetUp() override {
        UserTest::SetUp();
        if (!IsSkipped() && !HasFatalFailure())
            nsctl({"create", "web", "--owner", std::to_string(user)});
    }
    void TearDown() override {
        if (!IsSkipped() && daemon().nsctl({"show", "web"}).ok())
            destroy("web", {"--force"});
        SystemTest::TearDown();
    }
    [[nodiscard]] ExecClient client() { return ExecClient(daemon().busAddress(), user); }
    [[nodiscard]] ExecClient root() { return ExecClient(daemon().busAddress()); }
    // What is thrown, or nothing.
    template <class Work>
    static std::string errorOf(Work work) {
        try {
            work();
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return {};
    }
};

TEST_F(Exec, AnOrdinaryUserRunsACommandAsHimself) {
    auto owner = client();
    auto [readEnd, writeEnd] = makePipe("of a test");
    const auto process = owner.exec("web",
        {"sh", "-c", "id -u; stat -L -c %i /proc/self/ns/net; ls /proc/self/fd | wc -l; echo $USER; exit 5"},
        {{{"stdout", writeEnd.get()}}, {}, false});
    writeEnd.reset();
    EXPECT_EQ(owner.wait(process.path), (std::pair<int, int>{CLD_EXITED, 5}));
    std::array<char, 256> out{};
    ASSERT_GT(::read(readEnd.get(), out.data(), out.size() - 1), 0);
    EXPECT_EQ(std::string(out.data()),
        std::string("33\n") + std::to_string(inodeOf(daemon().pin("web", "net"))) + "\n4\nwww-data\n");
    EXPECT_TRUE(hasEnded(process.pidfd.get()));
    EXPECT_EQ(owner.state(process.path), "exited");
}

TEST_F(Exec, WhatCannotBeExecutedIsSaid) {
    auto owner = client();
    EXPECT_EQ(errorOf([&] { static_cast<void>(owner.exec("web", {"no-such-program"}, {})); }),
        "org.nsd1.Error.KernelError: execute \"no-such-program\": No such file or directory");
    EXPECT_EQ(owner.countProcesses(), 0U);
    EXPECT_TRUE(std::filesystem::is_empty(daemon().runtimeDirectory() / "process"));
}

TEST_F(Exec, StrangersAreRefused) {
    ExecClient stranger(daemon().busAddress(), another);
    EXPECT_TRUE(errorOf([&] {
        static_cast<void>(stranger.exec("web", {"true"}, {}));
    }).starts_with("org.freedesktop.DBus.Error.AccessDenied"));
    auto owner = client();
    const auto process = owner.exec("web", {"sleep", "1000"}, {});
    EXPECT_TRUE(errorOf([&] {
        stranger.kill(process.path, SIGKILL);
    }).starts_with("org.freedesktop.DBus.Error.AccessDenied"));
    EXPECT_FALSE(hasEnded(process.pidfd.get()));
    owner.kill(process.path, SIGTERM);
    EXPECT_EQ(owner.wait(process.path), (std::pair<int, int>{CLD_KILLED, SIGTERM}));
}

TEST_F(Exec, TheFilesOfProcessesAreForRootAlone) {
    struct stat status {};
    ASSERT_EQ(::stat((daemon().runtimeDirectory() / "process").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0700U);
    EXPECT_EQ(status.st_uid, 0U);
}

TEST_F(Exec, ACommandLivesOnWithoutNsd) {
    std::optional<ExecClient::Started> process;
    {
        auto owner = client();
        process = owner.exec("web", {"sleep", "1000"}, {});
    }
    daemon().kill9();
    EXPECT_FALSE(hasEnded(process->pidfd.get()));
    daemon().start();
    auto owner = client();
    EXPECT_EQ(owner.state(process->path), "running");
    owner.kill(process->path, SIGUSR1);
    EXPECT_EQ(owner.wait(process->path), (std::pair<int, int>{CLD_KILLED, SIGUSR1}));
}

TEST_F(Exec, HowACommandEndedWithoutNsdIsKnownAfterwards) {
    auto [readEnd, writeEnd] = makePipe("of a test");
    std::optional<ExecClient::Started> process;
    {
        auto owner = client();
        process =
            owner.exec("web", {"sh", "-c", "read line; exit 6"}, {{{"stdin", readEnd.get()}}, {}, false});
    }
    daemon().kill9();
    writeEnd.reset();
    EXPECT_TRUE(eventually([&] { return hasEnded(process->pidfd.get()); }));
    daemon().start();
    auto owner = client();
    EXPECT_EQ(owner.wait(process->path), (std::pair<int, int>{CLD_EXITED, 6}));
    EXPECT_EQ(owner.state(process->path), "exited");
}

TEST_F(Exec, ATiedCommandEndsWithItsCaller) {
    std::optional<ExecClient::Started> tied;
    std::optional<ExecClient::Started> untied;
    {
        auto owner = client();
        tied = owner.exec("web", {"sleep", "1000"}, {{}, {}, true});
        untied = owner.exec("web", {"sleep", "1000"}, {});
    }
    EXPECT_TRUE(eventually([&] { return hasEnded(tied->pidfd.get()); }));
    EXPECT_FALSE(hasEnded(untied->pidfd.get()));
}

TEST_F(Exec, ATiedCommandEndsWithTheBusOfItsCaller) {
    std::optional<ExecClient::Started> tied;
    auto owner = client();
    tied = owner.exec("web", {"sleep", "1000"}, {{}, {}, true});
    daemon().kill9();
    daemon().start();
    EXPECT_TRUE(eventually([&] { return hasEnded(tied->pidfd.get()); }));
}

TEST_F(Exec, AForcedDestroyEndsItsCommands) {
    auto owner = client();
    const auto process = owner.exec("web", {"sleep", "1000"}, {});
    destroy("web", {"--force"});
    EXPECT_EQ(owner.wait(process.path), (std::pair<int, int>{CLD_KILLED, SIGKILL}));
}

TEST_F(Exec, ACommandIsAHolderLikeAnyOther) {
    auto owner = client();
    const auto process = owner.exec("web", {"sleep", "1000"}, {});
    const auto why = nsctl({"why", "web"});
    EXPECT_NE(why.find("sleep"), std::string::npos) << why;
    EXPECT_EQ(why.find("nsd-worker"), std::string::npos) << why;
    owner.kill(process.path, SIGKILL);
    static_cast<void>(owner.wait(process.path));
}

TEST_F(Exec, AUserHasSixtyFourRunningCommands) {
    auto owner = client();
    std::vector<ExecClient::Started> processes;
    constexpr std::size_t limit = 64;
    while (processes.size() < limit)
        processes.push_back(owner.exec("web", {"sleep", "1000"}, {}));
    const auto error = errorOf([&] { processes.push_back(owner.exec("web", {"sleep", "1000"}, {})); });
    EXPECT_TRUE(error.starts_with("org.nsd1.Error.LimitExceeded")) << error;
    owner.kill(processes.front().path, SIGKILL);
    static_cast<void>(owner.wait(processes.front().path));
    EXPECT_EQ(errorOf([&] { processes.push_back(owner.exec("web", {"sleep", "1000"}, {})); }), "");
}

TEST_F(Exec, CallersWhoVanishAtAnyMomentLeaveNothing) {
    auto last = root();
    const auto before = numberOf(last.exec("web", {"true"}, {}).path);
    std::mt19937 random(1); // NOLINT: the same moments in each run
    constexpr int callers = 40;
    for (int i = 0; i < callers; ++i) {
        auto owner = client();
        owner.sendExec("web", {"sleep", "1000.0625"}, {{}, {}, true}); // no other test's
        ::usleep(random() % 20'000);
    }
    // All are answered, or were never heard of; and all that ran is over.
    const auto after = numberOf(last.exec("web", {"true"}, {}).path);
    EXPECT_GT(after - before - 1, callers / 4) << "hardly any was started";
    EXPECT_TRUE(eventually([&] { return !isRunning("sleep 1000.0625"); }, std::chrono::seconds(30)));
    EXPECT_TRUE(eventually([&] { return !isRunning("--supervise"); }, std::chrono::seconds(30)));
}

} // namespace
} // namespace nsd::test
