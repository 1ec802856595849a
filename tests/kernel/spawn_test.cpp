// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/spawn.hpp"

#include "common/error.hpp"
#include "tests/support/require.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {
namespace {

int statusOf(const SpawnedProcess& process) {
    int status = 0;
    ::waitpid(process.pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int shell(const std::string& command, std::vector<int> fds = {}) {
    return statusOf(spawn({"/bin/sh", {"-c", command}, std::move(fds)}));
}

// From now on this process cannot fork; the number of every way to do so answers EAGAIN.
void forbidForks() {
    constexpr std::uint32_t refused = SECCOMP_RET_ERRNO | EAGAIN;
    std::array filter{
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_vfork, 3, 0),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 2, 0),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 1, 0),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        sock_filter BPF_STMT(BPF_RET | BPF_K, refused),
    };
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

TEST(SpawnTest, GivesTheDescriptorsInTheirOrderAndNoOther) {
    TempDir directory;
    writeFile(directory / "a", "first");
    writeFile(directory / "b", "second");
    const UniqueFd leak(::open("/dev/null", O_RDONLY)); // without O_CLOEXEC
    const UniqueFd second(::open((directory / "b").c_str(), O_RDONLY | O_CLOEXEC));
    const UniqueFd first(::open((directory / "a").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(shell("test \"$(cat <&3) $(cat <&4)\" = 'first second'", {first.get(), second.get()}), 0);
    // The last one is that by which ls(1) reads the list.
    EXPECT_EQ(shell("ls /proc/self/fd > " + (directory / "list").string(), {first.get(), second.get()}), 0);
    EXPECT_EQ(readFile(directory / "list"), "0\n1\n2\n3\n4\n5\n");
}

TEST(SpawnTest, ReadsFromNowhere) {
    EXPECT_EQ(shell("test -z \"$(cat)\""), 0);
}

TEST(SpawnTest, BlocksNoSignalAndIgnoresNone) {
    sigset_t blocked;
    sigset_t before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    auto* const old = std::signal(SIGPIPE, SIG_IGN);
    const auto status =
        shell("grep -q 'SigBlk:.0*$' /proc/self/status && grep -q 'SigIgn:.0*$' /proc/self/status");
    std::signal(SIGPIPE, old);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    EXPECT_EQ(status, 0);
}

TEST(SpawnTest, SaysWhyAProgramCannotBeExecuted) {
    try {
        static_cast<void>(spawn({"/nonexistent", {}, {}}));
        FAIL() << "it was started";
    } catch (const Error& error) {
        EXPECT_EQ(error.errnoValue(), ENOENT);
        EXPECT_NE(error.text().find("execute \"/nonexistent\""), std::string::npos) << error.text();
    }
    ::waitpid(-1, nullptr, 0);
}

TEST(SpawnTest, AForkThatFailsIsALimitAndChangesNothing) {
    const pid_t child = ::fork();
    if (child == 0) {
        forbidForks();
        try {
            static_cast<void>(spawn({"/bin/true", {}, {}}));
        } catch (const Error& error) {
            sigset_t blocked;
            ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
            ::_exit(error.code() == Errc::LimitExceeded && error.errnoValue() == EAGAIN &&
                            ::sigismember(&blocked, SIGTERM) == 0
                        ? 0
                        : 2);
        }
        ::_exit(1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST(SpawnTest, AProgramOfOursDiesWithUs) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const UniqueFd alive(ends[0]);
    UniqueFd held(ends[1]);
    const pid_t parent = ::fork();
    if (parent == 0) {
        static_cast<void>(spawn({"/bin/sleep", {"1000"}, {held.get()}}));
        ::_exit(0);
    }
    held.reset();
    ::waitpid(parent, nullptr, 0);
    char byte = 0;
    EXPECT_EQ(::read(alive.get(), &byte, 1), 0) << "the program still holds its end";
}

} // namespace
} // namespace nsd::test
