// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/worker_process.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using std::chrono::milliseconds;

// What must not happen is watched for as long as this; what must happen gets much longer.
constexpr milliseconds watchFor{300};
constexpr milliseconds patience{10'000};

bool ends(const MadeByWorker& made, milliseconds within = patience) {
    pollfd dead{made.initPidfd.get(), POLLIN, 0};
    return ::poll(&dead, 1, static_cast<int>(within.count())) > 0;
}

void signalInit(const MadeByWorker& made, int number) {
    ASSERT_EQ(::syscall(SYS_pidfd_send_signal, made.initPidfd.get(), number, nullptr, 0), 0);
}

class Init : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        adoptOrphans();
    }
    void TearDown() override {
        for (const auto& pidfd : settled_)
            ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
        reapOrphans();
    }

    // It outlives its maker at once, as in production.
    MadeByWorker make(NamespaceTypes types = {NamespaceType::Pid}) {
        NamespaceSpec spec;
        spec.types = types;
        return worker_.make(spec);
    }
    MadeByWorker makeSettled(NamespaceTypes types = {NamespaceType::Pid}) {
        auto made = make(types);
        made.settle();
        made.leash.reset();
        settled_.push_back(made.initPidfd.duplicate());
        return made;
    }
    std::string proc(const MadeByWorker& made, const std::string& file) {
        return "/proc/" + std::to_string(made.initPid) + '/' + file;
    }

  private:
    WorkerProcess worker_;
    std::vector<UniqueFd> settled_;
};

TEST_F(Init, IsProcessOneOfItsNamespace) {
    const auto made = make();
    EXPECT_EQ(readFile(proc(made, "comm")), "nsd-init\n");
    EXPECT_EQ(commandLine(made.initPid), "nsd-init");
    const auto status = readFile(proc(made, "status"));
    EXPECT_NE(status.find("NSpid:\t" + std::to_string(made.initPid) + "\t1\n"), std::string::npos) << status;
}

TEST_F(Init, DiesWithTheLeash) {
    auto made = make();
    EXPECT_FALSE(ends(made, watchFor));
    made.leash.reset();
    EXPECT_TRUE(ends(made));
}

TEST_F(Init, StaysWhenSettled) {
    const auto made = makeSettled();
    EXPECT_FALSE(ends(made, watchFor));
    signalInit(made, SIGTERM);
    EXPECT_TRUE(ends(made));
}

TEST_F(Init, SurvivesItsWorker) {
    MadeByWorker made;
    {
        WorkerProcess worker;
        NamespaceSpec spec;
        spec.types = {NamespaceType::Pid};
        made = worker.make(spec);
        made.settle();
    }
    EXPECT_FALSE(ends(made, watchFor));
    signalInit(made, SIGTERM);
    EXPECT_TRUE(ends(made));
}

TEST_F(Init, DiesUnsettledWithWhoeverHoldsTheLeash) {
    auto made = make();
    const pid_t holder = ::fork();
    if (holder == 0)
        for (;;)
            ::pause();
    made.leash.reset();
    EXPECT_FALSE(ends(made, watchFor));
    ::kill(holder, SIGKILL);
    EXPECT_TRUE(ends(made));
    ::waitpid(holder, nullptr, 0);
}

TEST_F(Init, EndsAtSigtermFromOutsideEvenOnTheLeash) {
    const auto made = make();
    signalInit(made, SIGTERM);
    EXPECT_TRUE(ends(made));
}

TEST_F(Init, TakesItsMembersAlong) {
    const auto made = makeSettled();
    const Sleeper member(made, {NamespaceType::Pid});
    signalInit(made, SIGTERM);
    EXPECT_TRUE(ends(made));
    EXPECT_FALSE(member.isAlive());
}

TEST_F(Init, IgnoresSignalsFromInside) {
    const auto made = makeSettled();
    const auto said = inside(made, {NamespaceType::Pid}, [] {
        std::string errors;
        for (const int number : {SIGTERM, SIGUSR1, SIGKILL, SIGINT, SIGSEGV})
            if (::kill(1, number) != 0)
                errors += std::string(::strsignal(number)) + ": " + std::strerror(errno);
        return errors;
    });
    EXPECT_EQ(said, "");
    EXPECT_FALSE(ends(made, watchFor));
    signalInit(made, SIGTERM);
    EXPECT_TRUE(ends(made));
}

TEST_F(Init, IgnoresSignalsFromInsideOnTheLeash) {
    const auto made = make();
    EXPECT_EQ(inside(made, {NamespaceType::Pid}, [] { return std::to_string(::kill(1, SIGTERM)); }), "0");
    EXPECT_FALSE(ends(made, watchFor));
}

TEST_F(Init, IsNotDeceivedByAForgedSender) {
    const auto made = makeSettled();
    // rt_sigqueueinfo(2) lets a process say any pid, 0 among them, with a code of its own.
    const auto said = inside(made, {NamespaceType::Pid}, [] {
        siginfo_t forged{};
        forged.si_signo = SIGTERM;
        forged.si_code = SI_QUEUE;
        forged.si_pid = 0;
        const auto queued = ::syscall(SYS_rt_sigqueueinfo, 1, SIGTERM, &forged);
        forged.si_code = SI_USER; // kill(2)'s own: refused
        const auto refused = ::syscall(SYS_rt_sigqueueinfo, 1, SIGTERM, &forged);
        return std::to_string(queued) + ' ' + std::to_string(refused);
    });
    EXPECT_EQ(said, "0 -1");
    EXPECT_FALSE(ends(made, watchFor));
}

TEST_F(Init, LingersNoLongerThanItIsAlone) {
    const auto made = makeSettled();
    signalInit(made, SIGUSR1);
    EXPECT_TRUE(ends(made));
}

TEST_F(Init, LingersWhileAMemberLivesThatItDidNotStart) {
    const auto made = makeSettled();
    {
        const Sleeper member(made, {NamespaceType::Pid});
        signalInit(made, SIGUSR1);
        EXPECT_FALSE(ends(made, watchFor));
    }
    EXPECT_TRUE(ends(made)); // nobody told it
}

TEST_F(Init, LingersWhileAnOrphanLives) {
    const auto made = makeSettled();
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    UniqueFd reader(pipe[0]);
    UniqueFd writer(pipe[1]);
    // A member whose parent has ended: a child of the init.
    inside(made, {NamespaceType::Pid}, [&] {
        if (::fork() == 0) {
            ::dup2(reader.get(), 0);
            ::close_range(1, ~0U, 0);
            char byte = 0;
            static_cast<void>(!::read(0, &byte, 1));
            ::_exit(0);
        }
        return std::string();
    });
    signalInit(made, SIGUSR1);
    EXPECT_FALSE(ends(made, watchFor));
    writer.reset();
    EXPECT_TRUE(ends(made));
}

TEST_F(Init, ReapsOrphans) {
    const auto made = makeSettled();
    inside(made, {NamespaceType::Pid}, [] {
        for (int i = 0; i < 20; ++i)
            if (::fork() == 0)
                ::_exit(0);
        return std::string();
    });
    EXPECT_TRUE(eventually([&] { return descendantsOf(made.initPid).empty(); }));
}

TEST_F(Init, HoldsNothing) {
    const auto made = makeSettled(NamespaceTypes::all());
    EXPECT_TRUE(eventually([&] { return descriptorsOf(made.initPid).empty(); }));
    char cwd[64]{};
    ASSERT_GT(::readlink(proc(made, "cwd").c_str(), cwd, sizeof cwd - 1), 0);
    EXPECT_STREQ(cwd, "/");
    EXPECT_EQ(readFile(proc(made, "environ")), "");
}

TEST_F(Init, LivesInItsPidAndUserNamespaceAlone) {
    const auto made = make(NamespaceTypes::all());
    for (const auto& [type, fd] : made.fds) {
        struct stat its {};
        ASSERT_EQ(::stat(proc(made, "ns/" + std::string(toWord(type))).c_str(), &its), 0);
        const bool inIt = its.st_ino == identifyNamespace(fd.get()).inode;
        EXPECT_EQ(inIt, type == NamespaceType::Pid || type == NamespaceType::User) << toWord(type);
    }
}

TEST_F(Init, HoldsNoDescriptorsButTheLeashBefore) {
    const auto made = make();
    EXPECT_TRUE(eventually([&] { return descriptorsOf(made.initPid).size() == 2; })); // and its signalfd
}

TEST_F(Init, RunsForNobodyElse) {
    const auto result = nsd::test::run({initProgram()});
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.err.find("nsd-init: "), std::string::npos);
    EXPECT_EQ(nsd::test::run({initProgram(), "--nonsense"}).status, 2);
}

TEST_F(Init, HoldsUntilSigterm) {
    BackgroundProcess holder({initProgram(), "--hold"});
    EXPECT_TRUE(eventually([&] { return descriptorsOf(holder.pid()).empty(); }));
    EXPECT_FALSE(holder.wait(watchFor).has_value());
    holder.signal(SIGTERM);
    EXPECT_EQ(holder.wait(patience), 128 + SIGTERM);
}

} // namespace
} // namespace nsd::test
