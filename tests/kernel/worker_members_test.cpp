// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/worker_process.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <gtest/gtest.h>
#include <sched.h>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace nsd::test {
namespace {

using namespace protocol;

class Members : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        adoptOrphans();
    }
    void TearDown() override { reapOrphans(); }

    MadeByWorker make(NamespaceTypes types) {
        NamespaceSpec spec;
        spec.types = types;
        return worker_.make(spec);
    }
    std::vector<std::uint32_t> count(
        const std::vector<const MadeByWorker*>& groups, const std::vector<pid_t>& ignored = {}) {
        CountRequest request;
        for (const auto* made : groups)
            request.groups.push_back(made->identities());
        request.ignored = ignored;
        return worker_.askFor<CountReply>(request).counts;
    }
    std::vector<Holder> kill(const MadeByWorker& made, const std::vector<pid_t>& spared = {},
        std::chrono::microseconds patience = std::chrono::seconds(10)) {
        return worker_.askFor<KillReply>(KillRequest{made.identities(), spared, patience}).left;
    }

  private:
    WorkerProcess worker_;
};

class MembersOf : public Members, public testing::WithParamInterface<NamespaceType> {};

TEST_P(MembersOf, AreCountedAndKilled) {
    const auto made = make({GetParam()});
    const std::vector<pid_t> ignored{made.initPid};
    EXPECT_EQ(count({&made}, ignored), std::vector<std::uint32_t>{0});
    const Sleeper one(made, {GetParam()});
    const Sleeper two(made, {GetParam()});
    EXPECT_EQ(count({&made}, ignored), std::vector<std::uint32_t>{2});
    EXPECT_TRUE(kill(made, ignored).empty());
    EXPECT_FALSE(one.isAlive());
    EXPECT_FALSE(two.isAlive());
    EXPECT_EQ(count({&made}, ignored), std::vector<std::uint32_t>{0});
}

INSTANTIATE_TEST_SUITE_P(Worker, MembersOf, testing::ValuesIn(allNamespaceTypes),
    [](const auto& each) { return std::string(toWord(each.param)); });

TEST_F(Members, OfSeveralTypesAreOneProcessOfOneGroup) {
    const auto both = make({NamespaceType::Net, NamespaceType::Uts});
    const auto other = make({NamespaceType::Net});
    const Sleeper inBoth(both, {NamespaceType::Net, NamespaceType::Uts});
    const Sleeper inOne(both, {NamespaceType::Uts});
    EXPECT_EQ(count({&both, &other, &both}), (std::vector<std::uint32_t>{2, 0, 2}));
    EXPECT_EQ(count({&both}, {inOne.pid()}), std::vector<std::uint32_t>{1});
}

TEST_F(Members, AreCountedForFiveHundredNamespacesAtOnce) {
    const auto made = make({NamespaceType::Net, NamespaceType::Uts});
    const Sleeper member(made, {NamespaceType::Net});
    EXPECT_EQ(count(std::vector<const MadeByWorker*>(500, &made)), std::vector<std::uint32_t>(500, 1));
}

TEST_F(Members, ByAThreadAlone) {
    const auto made = make({NamespaceType::Net});
    const int fd = made.fd(NamespaceType::Net);
    const Sleeper threaded(made, {}, [fd] {
        std::thread([fd] {
            if (::setns(fd, CLONE_NEWNET) != 0)
                ::_exit(1);
            for (;;)
                ::pause();
        }).detach();
    });
    EXPECT_TRUE(eventually([&] { return count({&made}) == std::vector<std::uint32_t>{1}; }));
    EXPECT_TRUE(kill(made).empty());
    EXPECT_FALSE(threaded.isAlive());
}

TEST_F(Members, AlsoLiveInNamespacesBelow) {
    for (const auto type : {NamespaceType::Pid, NamespaceType::User}) {
        const auto made = make({type});
        const Sleeper below(made, {type}, [type] {
            if (::unshare(CLONE_NEWUSER) != 0)
                throw kernelError("unshare", "user", errno);
            if (type != NamespaceType::Pid)
                return;
            if (::unshare(CLONE_NEWPID) != 0)
                throw kernelError("unshare", "pid", errno);
            if (::fork() != 0)
                for (;;)
                    ::pause();
        });
        EXPECT_GE(count({&made}, {made.initPid}).at(0), 1U) << toWord(type);
        EXPECT_TRUE(kill(made, {made.initPid}).empty());
        EXPECT_FALSE(below.isAlive());
    }
}

TEST_F(Members, ThatAreSparedLiveOn) {
    const auto made = make({NamespaceType::Uts});
    const Sleeper spared(made, {NamespaceType::Uts});
    const Sleeper other(made, {NamespaceType::Uts});
    EXPECT_TRUE(kill(made, {spared.pid()}).empty());
    EXPECT_TRUE(spared.isAlive());
    EXPECT_FALSE(other.isAlive());
}

TEST_F(Members, ThatForkAllTheTimeAreKilledInRounds) {
    const auto made = make({NamespaceType::Uts});
    const Sleeper forker(made, {NamespaceType::Uts}, [] {
        ::signal(SIGCHLD, SIG_IGN);
        if (::fork() == 0)
            return;  // says that all is ready, and is a member as well
        ::alarm(60); // whatever becomes of the test
        for (;;) {
            if (::fork() == 0) {
                ::alarm(60);
                for (;;)
                    ::pause();
            }
            ::usleep(1000);
        }
    });
    EXPECT_TRUE(kill(made).empty());
    EXPECT_EQ(count({&made}), std::vector<std::uint32_t>{0});
}

TEST_F(Members, TheHostsAreNeverKilled) {
    WorkerProcess worker;
    const auto bystander = make({NamespaceType::Uts});
    const Sleeper ours(bystander, {NamespaceType::Uts});
    const auto made = make({NamespaceType::Net});
    EXPECT_TRUE(kill(made).empty());
    EXPECT_TRUE(ours.isAlive());
    EXPECT_EQ(count({&bystander}), std::vector<std::uint32_t>{1});
}

TEST_F(Members, WhoCannotBeKilledInTimeIsAnswered) {
    const auto made = make({NamespaceType::Uts});
    const Sleeper member(made, {NamespaceType::Uts});
    // No time at all: it is killed, but its end is not waited for.
    const auto left = kill(made, {}, std::chrono::microseconds(0));
    if (!left.empty()) {
        EXPECT_EQ(left.at(0).pid, static_cast<std::uint32_t>(member.pid()));
        EXPECT_EQ(left.at(0).type, "uts");
    }
    EXPECT_TRUE(eventually([&] { return !member.isAlive(); }));
}

TEST_F(Members, ZombiesAreNone) {
    const auto made = make({NamespaceType::Pid});
    const Sleeper parent(made, {NamespaceType::Pid}, [] {
        if (::fork() == 0)
            ::_exit(0);
        siginfo_t info{};
        ::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT); // dead, and never reaped
    });
    EXPECT_EQ(count({&made}, {made.initPid}), std::vector<std::uint32_t>{1});
}

} // namespace
} // namespace nsd::test
