// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/runtime_directory.hpp"

#include "common/error.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/require.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <optional>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace nsd::test {
namespace {

// A child of the test that does not come back.
pid_t inChild(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(work());
    return child;
}

int statusOf(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

class RuntimeDirectoryTest : public testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }

    [[nodiscard]] std::string path() const { return parent_ / "nsd"; }

    void expectOneOfEachMount() const {
        const auto mounts = MountTable::read("self").below(path());
        ASSERT_EQ(mounts.size(), 2U);
        EXPECT_EQ(mounts[0].point, path());
        EXPECT_EQ(mounts[0].optional, "");
        EXPECT_EQ(mounts[1].point, path() + "/ns");
        EXPECT_EQ(mounts[1].fsType, "tmpfs");
        EXPECT_EQ(mounts[1].optional, "unbindable");
        for (const auto* option : {"nosuid", "nodev", "noexec"})
            EXPECT_NE(mounts[1].options.find(option), std::string::npos) << mounts[1].options;
    }

    static mode_t modeOf(const std::string& path) {
        struct stat status {};
        return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
    }

    // The child runs into a SIGKILL at its `count`th system call. False if it ended before.
    static bool killAtSystemCall(unsigned count, const std::function<void()>& work) {
        const pid_t child = inChild([&] {
            ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
            ::raise(SIGSTOP);
            work();
            return 0;
        });
        int status = statusOf(child);
        for (unsigned stops = 0; WIFSTOPPED(status) && stops < 2 * count; ++stops) {
            ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
            status = statusOf(child);
        }
        if (!WIFSTOPPED(status))
            return false;
        ::kill(child, SIGKILL);
        static_cast<void>(statusOf(child));
        return true;
    }

    TempDir parent_;
};

TEST_F(RuntimeDirectoryTest, MakesTwoMountsThatNothingPropagatesFrom) {
    const RuntimeDirectory directory(path());
    expectOneOfEachMount();
    EXPECT_EQ(modeOf(path()), 0755U);
    EXPECT_EQ(modeOf(path() + "/ns"), 0700U);
    for (const auto* below : {"/ns/.stage", "/ns/.trash", "/ns/.quarantine"})
        EXPECT_EQ(modeOf(path() + below), 0700U) << below;
}

TEST_F(RuntimeDirectoryTest, AnswersTheTmpfsOfThePins) {
    const RuntimeDirectory directory(path());
    struct stat named {};
    struct stat opened {};
    ASSERT_EQ(::stat((path() + "/ns").c_str(), &named), 0);
    ASSERT_EQ(::fstat(directory.namespaces().get(), &opened), 0);
    EXPECT_EQ(named.st_dev, opened.st_dev);
    EXPECT_EQ(::fcntl(directory.namespaces().get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST_F(RuntimeDirectoryTest, RefusesASecondDaemonAndNamesTheFirst) {
    const RuntimeDirectory first(path());
    try {
        const RuntimeDirectory second(path());
        FAIL() << "two daemons on one directory";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::Busy);
        EXPECT_NE(error.text().find("process " + std::to_string(::getpid())), std::string::npos)
            << error.text();
    }
    expectOneOfEachMount();
}

TEST_F(RuntimeDirectoryTest, DoesNotNameADaemonThatIsLongDead) {
    const RuntimeDirectory first(path());
    writeFile(path() + "/lock", "4999999\n");
    try {
        const RuntimeDirectory second(path());
        FAIL() << "two daemons on one directory";
    } catch (const Error& error) {
        EXPECT_EQ(error.text().find("4999999"), std::string::npos) << error.text();
    }
}

TEST_F(RuntimeDirectoryTest, IsFoundAsItWasLeft) {
    { const RuntimeDirectory first(path()); }
    writeFile(path() + "/ns/kept", "x");
    const RuntimeDirectory second(path());
    EXPECT_EQ(readFile(path() + "/ns/kept"), "x");
    expectOneOfEachMount();
}

TEST_F(RuntimeDirectoryTest, OthersCannotTakeTheLock) {
    const RuntimeDirectory directory(path());
    EXPECT_EQ(modeOf(path() + "/lock"), 0600U);
}

TEST_F(RuntimeDirectoryTest, EightFirstStartsAtOnceMakeOneOfEach) {
    int start[2];
    int stay[2];
    ASSERT_EQ(::pipe2(start, O_CLOEXEC), 0);
    ASSERT_EQ(::pipe2(stay, O_CLOEXEC), 0);
    std::vector<pid_t> children;
    int result[2];
    ASSERT_EQ(::pipe2(result, O_CLOEXEC), 0);
    for (int i = 0; i < 8; ++i)
        children.push_back(inChild([&] {
            char byte = 0;
            ::close(start[1]);
            ::close(stay[1]);
            static_cast<void>(::read(start[0], &byte, 1));
            std::optional<RuntimeDirectory> directory;
            char outcome = 'y';
            try {
                directory.emplace(path());
            } catch (const Error& error) {
                outcome = error.code() == Errc::Busy ? 'n' : '!';
            }
            static_cast<void>(::write(result[1], &outcome, 1));
            static_cast<void>(::read(stay[0], &byte, 1));
            return 0;
        }));
    ::close(start[1]);
    std::string outcomes(8, ' ');
    for (auto& outcome : outcomes)
        ASSERT_EQ(::read(result[0], &outcome, 1), 1);
    EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), 'y'), 1) << outcomes;
    EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), 'n'), 7) << outcomes;
    expectOneOfEachMount();
    ::close(stay[1]);
    for (const auto child : children)
        static_cast<void>(statusOf(child));
    for (const int fd : {start[0], stay[0], result[0], result[1]})
        ::close(fd);
}

TEST_F(RuntimeDirectoryTest, AKillAtAnySystemCallLeavesNothingThatTheNextStartDoesNotMend) {
    unsigned count = 1;
    for (;; ++count) {
        const bool killed = killAtSystemCall(count, [&] { const RuntimeDirectory directory(path()); });
        if (!killed)
            break;
        { const RuntimeDirectory next(path()); }
        expectOneOfEachMount();
        if (HasFailure())
            FAIL() << "after a kill at system call " << count;
        unmountBelow(path());
        std::filesystem::remove_all(path());
    }
    EXPECT_GT(count, 20U);
}

TEST_F(RuntimeDirectoryTest, TakesNoSymbolicLinkForADirectory) {
    std::filesystem::create_directory_symlink("/usr", path());
    EXPECT_THROW(RuntimeDirectory{path()}, Error);
    EXPECT_TRUE(MountTable::read("self").below(path()).empty());
}

TEST_F(RuntimeDirectoryTest, TakesNoOtherFileSystemForItsTmpfs) {
    { const RuntimeDirectory first(path()); }
    ASSERT_EQ(::umount2((path() + "/ns").c_str(), MNT_DETACH), 0);
    ASSERT_EQ(::mount("proc", (path() + "/ns").c_str(), "proc", 0, nullptr), 0);
    EXPECT_THROW(RuntimeDirectory{path()}, Error);
}

TEST_F(RuntimeDirectoryTest, TakesNoRelativePath) {
    try {
        const RuntimeDirectory directory("run/nsd");
        FAIL() << "a relative path was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidArgument);
    }
}

TEST_F(RuntimeDirectoryTest, MendsOwnerAndModeOfWhatItFinds) {
    std::filesystem::create_directory(path());
    ASSERT_EQ(::chown(path().c_str(), 1000, 1000), 0);
    ASSERT_EQ(::chmod(path().c_str(), 0777), 0);
    const RuntimeDirectory directory(path());
    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 0U);
    EXPECT_EQ(status.st_mode & 07777U, 0755U);
}

} // namespace
} // namespace nsd::test
