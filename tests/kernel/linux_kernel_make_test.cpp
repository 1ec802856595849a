// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "daemon/kernel/mount_point.hpp"
#include "daemon/kernel/process_facts.hpp"
#include "tests/kernel/linux_kernel_fixture.hpp"
#include "tests/support/mount_table.hpp"

#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using namespace std::chrono_literals;
using LinuxKernelMakeTest = LinuxKernelTest;

TEST_F(LinuxKernelMakeTest, MakesEachTypeAloneAndTheKernelEndsIt) {
    for (const auto type : kernel().supportedTypes()) {
        auto made = make(NamespaceTypes{type});
        ASSERT_EQ(made.fds.size(), 1U) << toWord(type);
        EXPECT_EQ(identifyNamespace(made.fds.at(type).get()).type, type);
        if (made.init)
            kernel().endInit(*made.init);
        made.init.reset();
        expectReleased(retire(std::move(made.fds)), {type});
        if (!made.controlGroup.empty())
            kernel().removeControlGroup(made.controlGroup);
    }
}

TEST_F(LinuxKernelMakeTest, MakesAllTypesAsOneAndTheKernelEndsThem) {
    const auto types = kernel().supportedTypes();
    auto made = make(types);
    EXPECT_EQ(made.fds.size(), types.size());
    ASSERT_TRUE(made.init);
    EXPECT_TRUE(std::filesystem::exists(keepDirectory()));
    kernel().endInit(*made.init);
    made.init.reset();
    expectReleased(retire(std::move(made.fds)), types);
    kernel().removeControlGroup(made.controlGroup);
}

TEST_F(LinuxKernelMakeTest, AnAbandonedCreationLeavesNoInit) {
    auto made = make(NamespaceTypes{NamespaceType::Pid});
    made.initLeash.reset();
    EXPECT_TRUE(loop_.turnUntil([&] { return !isAlive(made.init->pidfd.get()); })) << "the init lives on";
    EXPECT_THROW(kernel().settleInit(made), Error);
    made.init.reset();
    static_cast<void>(retire(std::move(made.fds)));
    kernel().removeControlGroup(made.controlGroup);
}

TEST_F(LinuxKernelMakeTest, ASettledInitOutlivesTheDaemonAndIsFoundAgain) {
    auto made = make(NamespaceTypes{NamespaceType::Pid});
    kernel().settleInit(made);
    const auto pid = made.init->pid;
    made.init.reset();
    restart();
    EXPECT_EQ(kernel().findInit(made.fds.at(NamespaceType::Pid).get(), pid).value().pid, pid);
    kernel().sweepControlGroups({made.controlGroup});
    made.init = kernel().findInit(made.fds.at(NamespaceType::Pid).get(), pid);
    end(std::move(made));
}

TEST_F(LinuxKernelMakeTest, AWrongHintIsNotBelieved) {
    auto made = make(NamespaceTypes{NamespaceType::Pid});
    {
        const auto other = kernel().findInit(made.fds.at(NamespaceType::Pid).get(), ::getpid());
        EXPECT_TRUE(!other || other->pid == made.init->pid);
    }
    end(std::move(made));
}

TEST_F(LinuxKernelMakeTest, ADeadInitIsNotFound) {
    auto made = make(NamespaceTypes{NamespaceType::Pid});
    kernel().settleInit(made);
    const auto pid = made.init->pid;
    kernel().endInit(*made.init);
    EXPECT_TRUE(loop_.turnUntil(
        [&] { return !kernel().findInit(made.fds.at(NamespaceType::Pid).get(), pid).has_value(); }));
    end(std::move(made));
}

TEST_F(LinuxKernelMakeTest, AnInitIsNoMemberAndALingeringOneGoesWithTheLast) {
    auto made = make(NamespaceTypes{NamespaceType::Pid});
    kernel().settleInit(made);
    const auto count = [&] {
        Answer<std::vector<std::uint32_t>> answer;
        kernel().countMembers(
            {{identifyNamespace(made.fds.at(NamespaceType::Pid).get())}}, answer.completion());
        return await(loop_, answer).at(0);
    };
    EXPECT_EQ(count(), 0U);
    auto member = startShell("nsenter --pid=" + pathOf(made.fds.at(NamespaceType::Pid)));
    EXPECT_EQ(count(), 1U);
    kernel().lingerInit(*made.init);
    EXPECT_EQ(count(), 1U);
    const auto init = made.init->pid;
    made.init.reset();
    Answer<std::vector<Holder>> killed;
    kernel().killMembers(
        {identifyNamespace(made.fds.at(NamespaceType::Pid).get())}, {init}, 5s, killed.completion());
    EXPECT_TRUE(await(loop_, killed).empty());
    EXPECT_TRUE(loop_.turnUntil(
        [&] { return !kernel().findInit(made.fds.at(NamespaceType::Pid).get(), init).has_value(); }));
    member.reset();
    end(std::move(made));
}

// A standard signal is pending once, and says of its first sender alone where it came from. A stopped
// init takes none, so that the member's is the first.
class LinuxKernelStoppedInitTest : public LinuxKernelTest {
  protected:
    void makeStopped() {
        made_ = make(NamespaceTypes{NamespaceType::Pid});
        kernel().settleInit(made_);
        ::kill(made_.init->pid, SIGSTOP);
    }
    void memberSends(const std::string& signal) {
        const std::string done = parent_ / "sent";
        const Bystander member("exec nsenter --pid=" + pathOf(made_.fds.at(NamespaceType::Pid)) +
                               " sh -c 'kill -s " + signal + " 1; : > " + done + "'");
        ASSERT_TRUE(loop_.turnUntil([&] { return std::filesystem::exists(done); }));
    }
    void expectEnd() {
        ::kill(made_.init->pid, SIGCONT);
        EXPECT_TRUE(loop_.turnUntil([&] { return !isAlive(made_.init->pidfd.get()); }))
            << "the init lives on";
        end(std::move(made_));
    }

    MadeNamespaces made_;
};

TEST_F(LinuxKernelStoppedInitTest, AMembersSigtermDoesNotKeepAnInitAlive) {
    makeStopped();
    memberSends("TERM");
    kernel().endInit(*made_.init);
    expectEnd();
}

TEST_F(LinuxKernelStoppedInitTest, AMembersSignalDoesNotKeepAnInitLingering) {
    makeStopped();
    memberSends("USR1");
    kernel().lingerInit(*made_.init);
    expectEnd();
}

TEST_F(LinuxKernelMakeTest, WorkersDoNotSeeTheRuntimeDirectory) {
    auto made = make(NamespaceTypes{NamespaceType::Uts});
    kernel().bindPin(made.fds.at(NamespaceType::Uts).get(), pins(), "pin");
    for (const auto worker : workers())
        EXPECT_TRUE(MountTable::read(std::to_string(worker)).below(options_.runtimeDirectory).empty());
    auto mnt = make(NamespaceTypes{NamespaceType::Mnt});
    EXPECT_TRUE(kernel().removePin(pins(), "pin"));
    end(std::move(made));
    end(std::move(mnt));
}

TEST_F(LinuxKernelMakeTest, AnErrorOfTheWorkerComesBackAndLeavesNothing) {
    NamespaceSpec spec;
    spec.types = {NamespaceType::Net, NamespaceType::Pid};
    spec.sysctls = {{"net.ipv4.there_is_no_such_sysctl", "1"}};
    try {
        static_cast<void>(make(spec));
        FAIL() << "the sysctl was set";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidArgument);
        EXPECT_NE(error.text().find("there_is_no_such_sysctl"), std::string::npos) << error.text();
    }
}

TEST_F(LinuxKernelMakeTest, AWorkerKilledAtAnyMomentOfAMakeLeavesNothing) {
    NamespaceSpec spec;
    spec.types = kernel().supportedTypes();
    for (int round = 0; round < 40; ++round) {
        Answer<MadeNamespaces> answer;
        kernel().make(Uuid::random(), spec, 0, answer.completion());
        const auto until = std::chrono::steady_clock::now() + round * 500us;
        static_cast<void>(
            loop_.turnUntil([&] { return answer.there() || std::chrono::steady_clock::now() >= until; }));
        for (const auto worker : workers())
            ::kill(worker, SIGKILL);
        ASSERT_TRUE(loop_.turnUntil([&] { return answer.there(); }));
        if (answer.outcome().ok())
            end(std::move(answer.outcome()).value());
        EXPECT_EQ(answer.times(), 1);
    }
}

TEST_F(LinuxKernelMakeTest, ALimitOfDescriptorsIsALimitAndLeavesNothing) {
    end(make(NamespaceTypes{NamespaceType::Uts}));
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    const auto lowest = static_cast<rlim_t>(UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)).get());
    NamespaceSpec spec;
    spec.types = {NamespaceType::Uts, NamespaceType::Ipc, NamespaceType::Net};
    for (rlim_t spare = 0; spare < 3; ++spare) {
        Answer<MadeNamespaces> answer;
        const rlimit tight{lowest + spare, limit.rlim_max};
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
        kernel().make(Uuid::random(), spec, 0, answer.completion());
        const bool there = loop_.turnUntil([&] { return answer.there(); });
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
        ASSERT_TRUE(there);
        ASSERT_FALSE(answer.outcome().ok()) << spare;
        EXPECT_EQ(answer.outcome().error().code(), Errc::LimitExceeded) << answer.outcome().error().text();
    }
    end(make(NamespaceTypes{NamespaceType::Uts}));
}

TEST_F(LinuxKernelMakeTest, APinHoldsTheNamespaceAndItsUnlinkingLetsGo) {
    auto made = make(NamespaceTypes{NamespaceType::Uts});
    const auto identity = identifyNamespace(made.fds.at(NamespaceType::Uts).get());
    kernel().bindPin(made.fds.at(NamespaceType::Uts).get(), pins(), "pin");
    made.fds.clear();
    UniqueFd again(::openat(pins(), "pin", O_RDONLY | O_CLOEXEC));
    EXPECT_TRUE(identifyNamespace(again.get()).sameAs(identity));
    EXPECT_TRUE(kernel().removePin(pins(), "pin"));
    EXPECT_FALSE(kernel().removePin(pins(), "pin"));
    made.fds.emplace(NamespaceType::Uts, std::move(again));
    expectReleased(retire(std::move(made.fds)), {NamespaceType::Uts});
}

TEST_F(LinuxKernelMakeTest, ACopyOfAPinInAnotherMountNamespaceDoesNotKeepItAlive) {
    auto made = make(NamespaceTypes{NamespaceType::Uts});
    kernel().bindPin(made.fds.at(NamespaceType::Uts).get(), pins(), "pin");
    const auto other = startShell("unshare --mount --propagation=private");
    EXPECT_TRUE(kernel().removePin(pins(), "pin"));
    expectReleased(retire(std::move(made.fds)), {NamespaceType::Uts});
}

TEST_F(LinuxKernelMakeTest, APinIsNeverMadeOverAnother) {
    auto made = make(NamespaceTypes{NamespaceType::Uts});
    const int uts = made.fds.at(NamespaceType::Uts).get();
    kernel().bindPin(uts, pins(), "pin");
    EXPECT_THROW(kernel().bindPin(uts, pins(), "pin"), Error);
    ASSERT_EQ(::symlinkat("/etc/hostname", pins(), "link"), 0);
    EXPECT_THROW(kernel().bindPin(uts, pins(), "link"), Error);
    ASSERT_EQ(::unlinkat(pins(), "link", 0), 0);
    EXPECT_TRUE(kernel().removePin(pins(), "pin"));
    end(std::move(made));
}

TEST_F(LinuxKernelMakeTest, StackedPinsGoAllAtOnce) {
    auto made = make(NamespaceTypes{NamespaceType::Uts});
    const int uts = made.fds.at(NamespaceType::Uts).get();
    kernel().bindPin(uts, pins(), "pin");
    const auto target = options_.runtimeDirectory + "/ns/pin";
    for (int i = 0; i < 3; ++i)
        ASSERT_EQ(::mount(pathOfFd(uts).c_str(), target.c_str(), nullptr, MS_BIND, nullptr), 0);
    EXPECT_TRUE(kernel().removePin(pins(), "pin"));
    end(std::move(made));
}

TEST_F(LinuxKernelMakeTest, AFullTmpfsIsALimitAndLeavesNoMountPoint) {
    const auto full = parent_ / "full";
    std::filesystem::create_directory(full);
    ASSERT_EQ(::mount("full", full.c_str(), "tmpfs", 0, "nr_inodes=2"), 0);
    const UniqueFd directory(::open(full.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    auto made = make(NamespaceTypes{NamespaceType::Uts});
    const int uts = made.fds.at(NamespaceType::Uts).get();
    kernel().bindPin(uts, directory.get(), "fits");
    try {
        kernel().bindPin(uts, directory.get(), "too-much");
        FAIL() << "the tmpfs was not full";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::LimitExceeded);
    }
    EXPECT_TRUE(kernel().removePin(directory.get(), "fits"));
    EXPECT_TRUE(std::filesystem::is_empty(full));
    end(std::move(made));
}

} // namespace
} // namespace nsd::test
