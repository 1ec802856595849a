// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "common/mac_address.hpp"
#include "daemon/kernel/process_facts.hpp"
#include "daemon/protocol/channel.hpp"
#include "tests/kernel/linux_kernel_fixture.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using namespace std::chrono_literals;
using LinuxKernelRetireTest = LinuxKernelTest;

std::chrono::milliseconds timeOf(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

TEST_F(LinuxKernelRetireTest, SomebodyElsesDescriptorIsSeenForTheWholePatienceAndNoLonger) {
    for (const auto type : {NamespaceType::Net, NamespaceType::Uts, NamespaceType::Mnt}) {
        auto made = make(NamespaceTypes{type});
        UniqueFd kept = made.fds.at(type).duplicate();
        std::map<NamespaceType, Released> released;
        EXPECT_LT(timeOf([&] { released = retire(std::move(made.fds), 300ms); }), 5000ms);
        const bool tells = kernelTellsOfDeath() || type == NamespaceType::Net;
        // Without that the scan of /proc finds it: but our own descriptors are not looked at.
        EXPECT_EQ(toWord(released.at(type)), toWord(tells ? Released::No : Released::Unknown))
            << toWord(type);
        std::map<NamespaceType, UniqueFd> rest;
        rest.emplace(type, std::move(kept));
        expectReleased(retire(std::move(rest)), {type});
    }
}

TEST_F(LinuxKernelRetireTest, AProcessInsideIsSeenOnEveryKernel) {
    auto made = make(NamespaceTypes{NamespaceType::Uts});
    const auto inside = startShell("nsenter --uts=" + pathOf(made.fds.at(NamespaceType::Uts)));
    EXPECT_EQ(toWord(retire(std::move(made.fds), 100ms).at(NamespaceType::Uts)), "no");
}

TEST_F(LinuxKernelRetireTest, WithoutPatienceItAnswersAtOnce) {
    auto made = make(NamespaceTypes{NamespaceType::Net, NamespaceType::Mnt});
    std::map<NamespaceType, Released> released;
    EXPECT_LT(timeOf([&] { released = retire(std::move(made.fds), 0us); }), 1000ms);
    for (const auto& [type, answer] : released)
        EXPECT_EQ(toWord(answer), "unknown") << toWord(type);
}

TEST_F(LinuxKernelRetireTest, NothingToRetireIsAnsweredToo) {
    EXPECT_TRUE(retire({}).empty());
}

TEST_F(LinuxKernelRetireTest, ReleasersKilledAtAnyMomentLoseNothing) {
    for (int round = 0; round < 40; ++round) {
        restart(); // a request may not find a worker that is just being killed
        auto made = make(NamespaceTypes{NamespaceType::Mnt, NamespaceType::Net});
        Answer<std::map<NamespaceType, Released>> answer;
        kernel().retire(std::move(made.fds), 5s, answer.completion());
        const auto until = std::chrono::steady_clock::now() + round * 100us;
        static_cast<void>(loop_.turnUntil([&] { return std::chrono::steady_clock::now() >= until; }));
        for (const auto worker : workers())
            ::kill(worker, SIGKILL);
        const auto released = await(loop_, answer);
        if (kernelTellsOfDeath()) {
            expectReleased(released, {NamespaceType::Mnt, NamespaceType::Net});
            continue;
        }
        // A killed worker may still be seen with the descriptor that it dies with: No is true then.
        EXPECT_EQ(released.at(NamespaceType::Net), Released::Yes);
        EXPECT_NE(released.at(NamespaceType::Mnt), Released::Yes);
    }
}

TEST_F(LinuxKernelRetireTest, WhatCannotBeHandedOverForWantOfDescriptorsIsHandedOverLater) {
    auto made = make(NamespaceTypes{NamespaceType::Uts});
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    const auto lowest = static_cast<rlim_t>(UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)).get());
    const rlimit tight{lowest, limit.rlim_max};
    Answer<std::map<NamespaceType, Released>> answer;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    kernel().retire(std::move(made.fds), 20s, answer.completion());
    const auto until = std::chrono::steady_clock::now() + 400ms;
    static_cast<void>(loop_.turnUntil([&] { return std::chrono::steady_clock::now() >= until; }));
    const bool early = answer.there();
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    EXPECT_FALSE(early);
    expectReleased(await(loop_, answer), {NamespaceType::Uts});
}

TEST_F(LinuxKernelRetireTest, ManyAtOnceAllEnd) {
    std::vector<Answer<std::map<NamespaceType, Released>>> answers;
    for (int i = 0; i < 50; ++i) {
        auto made = make(NamespaceTypes{NamespaceType::Net, NamespaceType::Uts});
        answers.emplace_back();
        kernel().retire(std::move(made.fds), 20s, answers.back().completion());
    }
    for (auto& answer : answers)
        expectReleased(await(loop_, answer), {NamespaceType::Net, NamespaceType::Uts});
}

TEST_F(LinuxKernelRetireTest, HoldersAreFound) {
    auto made = make(NamespaceTypes{NamespaceType::Net});
    const auto identity = identifyNamespace(made.fds.at(NamespaceType::Net).get());
    const auto inside = startShell("nsenter --net=" + pathOf(made.fds.at(NamespaceType::Net)));
    Answer<std::vector<Holder>> holders;
    kernel().findHolders({{identity}}, {}, holders.completion());
    const auto found = await(loop_, holders);
    EXPECT_TRUE(std::any_of(found.begin(), found.end(), [&](const Holder& holder) {
        return holder.kind == "process" && holder.pid == static_cast<std::uint32_t>(inside->pid());
    }));
    Answer<std::vector<Holder>> left;
    kernel().killMembers({identity}, {}, 5s, left.completion());
    EXPECT_TRUE(await(loop_, left).empty());
    end(std::move(made));
}

// More of them than one message to a worker takes along.
TEST_F(LinuxKernelRetireTest, LinksOfManyNamespacesComeInTheirOrder) {
    auto first = make(NamespaceTypes{NamespaceType::Net});
    auto last = make(NamespaceTypes{NamespaceType::Net});
    const auto& firstNet = first.fds.at(NamespaceType::Net);
    const auto& lastNet = last.fds.at(NamespaceType::Net);
    Answer<std::pair<MovedLink, MovedLink>> made;
    kernel().links().makeVeth(firstNet.duplicate(), lastNet.duplicate(),
        {{LinkName("one"), randomMac()}, {LinkName("two"), randomMac()}}, made.completion());
    static_cast<void>(await(loop_, made));
    std::vector<UniqueFd> fds;
    for (std::size_t i = 0; i < protocol::maxFds; ++i)
        fds.push_back(firstNet.duplicate());
    fds.push_back(lastNet.duplicate());
    Answer<std::vector<std::vector<LinkState>>> links;
    kernel().links().describe(std::move(fds), links.completion());
    const auto listed = await(loop_, links);
    ASSERT_EQ(listed.size(), protocol::maxFds + 1);
    for (const auto& [states, name] : {std::pair(listed.front(), "one"), std::pair(listed.back(), "two")}) {
        ASSERT_EQ(states.size(), 2U);
        EXPECT_EQ(states[0].name, "lo");
        EXPECT_EQ(states[1].name, name);
    }
    end(std::move(first));
    end(std::move(last));
}

TEST_F(LinuxKernelRetireTest, TellsTheNamespacesOfAProcess) {
    const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
    const auto process = kernel().namespacesOfProcess(pidfd.get());
    EXPECT_EQ(process.uid, ::geteuid());
    EXPECT_EQ(process.namespaces.size(), kernel().supportedTypes().size());
    for (const auto& identity : process.namespaces) {
        const UniqueFd own(
            ::open(("/proc/self/ns/" + std::string(toWord(identity.type))).c_str(), O_RDONLY | O_CLOEXEC));
        EXPECT_TRUE(identifyNamespace(own.get()).sameAs(identity)) << toWord(identity.type);
    }
}

// Without CAP_SYS_PTRACE the kernel shows nothing of a process that is not dumpable.
class WithoutPtrace {
  public:
    WithoutPtrace() {
        ::syscall(SYS_capget, &header_, before_.data());
        auto less = before_;
        less[CAP_TO_INDEX(CAP_SYS_PTRACE)].effective &= ~CAP_TO_MASK(CAP_SYS_PTRACE);
        ::syscall(SYS_capset, &header_, less.data());
    }
    ~WithoutPtrace() { ::syscall(SYS_capset, &header_, before_.data()); }
    WithoutPtrace(const WithoutPtrace&) = delete;
    WithoutPtrace& operator=(const WithoutPtrace&) = delete;

  private:
    __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> before_{};
};

TEST_F(LinuxKernelRetireTest, AProcessThatMayNotBeLookedAtIsNotTakenForDead) {
    const auto holder = spawn({std::string(NSD_TEST_BIN_DIR) + "/nsd-init", {"--hold"}, {}});
    ASSERT_TRUE(loop_.turnUntil([&] {
        const WithoutPtrace less;
        return !namespaceOfProcess(holder.pid, NamespaceType::Mnt);
    }));
    try {
        const WithoutPtrace less;
        static_cast<void>(kernel().namespacesOfProcess(holder.pidfd.get()));
        FAIL() << "it was looked at";
    } catch (const Error& error) {
        EXPECT_EQ(error.text(),
            "look at the namespaces of process " + std::to_string(holder.pid) + ": Permission denied");
    }
    ::kill(holder.pid, SIGKILL);
}

TEST_F(LinuxKernelRetireTest, RefusesWhatIsNoPidfdOfALivingProcess) {
    const auto gone = spawn({"/bin/true", {}, {}});
    const auto dead = gone.pidfd.duplicate();
    ASSERT_TRUE(loop_.turnUntil([&] { return !isAlive(dead.get()); }));
    const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const UniqueFd procDirectory(::open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (const int fd : {dead.get(), null.get(), procDirectory.get(), -1, 9999}) {
        try {
            static_cast<void>(kernel().namespacesOfProcess(fd));
            FAIL() << "descriptor " << fd << " was taken for a process";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), Errc::WrongFd) << error.text();
        }
    }
}

} // namespace
} // namespace nsd::test
