// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One namespace of all eight types: what a program sees inside, and that nothing of it is left.
#include "tests/support/system_test.hpp"

#include "common/namespace_type.hpp"
#include "tests/support/mount_table.hpp"

#include <filesystem>
#include <sstream>

namespace nsd::test {
namespace {

class AllTypes : public SystemTest {
  protected:
    void SetUp() override {
        SystemTest::SetUp();
        if (!HasFatalFailure() && !IsSkipped())
            nsctl({"create", "all8", "-t", "all", "--hostname", "inside", "--boottime", "1d"});
    }
    void TearDown() override {
        if (!IsSkipped() && std::filesystem::exists(daemon().pin("all8", "uts")))
            nsctl({"destroy", "all8", "--force"});
        SystemTest::TearDown();
    }
    std::string inside(const Arguments& command) {
        Arguments line{"exec", "all8"};
        line.insert(line.end(), command.begin(), command.end());
        return nsctl(line);
    }
};

TEST_F(AllTypes, AProgramIsInItsOwnOfEach) {
    for (const auto type : allNamespaceTypes) {
        const std::string word(toWord(type));
        const auto link = std::stoull(inside({"stat", "-L", "-c", "%i", "/proc/self/ns/" + word}));
        EXPECT_EQ(link, inodeOf(daemon().pin("all8", word))) << word;
        EXPECT_NE(link, inodeOf("/proc/self/ns/" + word)) << word;
    }
}

TEST_F(AllTypes, PsShowsOnlyWhatIsInside) {
    std::istringstream lines(inside({"ps", "-e", "-o", "pid=,comm="}));
    std::vector<std::string> commands;
    int pid = 0;
    for (std::string command; lines >> pid >> command;)
        commands.push_back(std::to_string(pid) + " " + command);
    ASSERT_EQ(commands.size(), 2U);
    EXPECT_EQ(commands[0], "1 nsd-init");
    EXPECT_TRUE(commands[1].ends_with(" ps"));
}

TEST_F(AllTypes, SysShowsTheLinksInside) {
    EXPECT_EQ(inside({"ls", "/sys/class/net"}), "lo");
}

TEST_F(AllTypes, HostNameClockAndIdsAreThoseInside) {
    EXPECT_EQ(inside({"hostname"}), "inside");
    EXPECT_EQ(inside({"id", "-u"}), "0");
    constexpr double day = 86400;
    EXPECT_GE(std::stod(inside({"cut", "-d ", "-f1", "/proc/uptime"})), day);
    EXPECT_EQ(
        inside({"cat", "/proc/self/cgroup"}).rfind("0::/"), inside({"cat", "/proc/self/cgroup"}).size() - 4);
}

TEST_F(AllTypes, AMountInsideStaysInside) {
    inside({"mount", "-t", "tmpfs", "only-inside", "/mnt"});
    EXPECT_NE(inside({"cat", "/proc/self/mountinfo"}).find("only-inside"), std::string::npos);
    EXPECT_EQ(readFile("/proc/self/mountinfo").find("only-inside"), std::string::npos);
}

TEST_F(AllTypes, NoPinIsSeenInside) {
    EXPECT_EQ(inside({"cat", "/proc/self/mountinfo"}).find(daemon().runtimeDirectory()), std::string::npos);
}

TEST_F(AllTypes, TheHostsIpcObjectsAreNotInside) {
    EXPECT_EQ(inside({"cat", "/proc/sysvipc/shm"}).find('\n'), std::string::npos);
}

TEST_F(AllTypes, DestroySaysReleasedAndLeavesNothing) {
    mustDie("all8");
    destroy("all8");
    EXPECT_TRUE(oracle().clean());
    EXPECT_TRUE(daemon().inits().empty());
    EXPECT_TRUE(eventually([&] { return !std::filesystem::exists(daemon().controlGroup()); }));
    EXPECT_FALSE(std::filesystem::exists(daemon().runtimeDirectory() / "ns/all8"));
}

TEST_F(AllTypes, DestroyWithoutForceWaitsForTheLastProcess) {
    mustDie("all8");
    Arguments line{TestDaemon::binary("nsctl"), "exec", "all8", "sleep", "1000"};
    CommandOptions options;
    options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
    BackgroundProcess member(line, options);
    ASSERT_TRUE(eventually([&] { return inside({"ps", "-e"}).find("sleep") != std::string::npos; }));
    const auto result = daemon().nsctl({"destroy", "all8", "--timeout", "100ms"});
    EXPECT_NE(result.err.find("sleep"), std::string::npos) << result.err;
    EXPECT_EQ(daemon().inits().size(), 1U);
    member.signal(SIGTERM);
    EXPECT_EQ(member.wait(std::chrono::seconds(10)), 128 + SIGTERM);
    EXPECT_TRUE(oracle().clean());
    EXPECT_TRUE(daemon().inits().empty());
}

TEST_F(AllTypes, EachTypeAloneComesAndGoes) {
    for (const auto type : allNamespaceTypes) {
        const std::string word(toWord(type));
        nsctl({"create", "one", "-t", word});
        mustDie("one");
        EXPECT_EQ(nsctl({"exec", "one", "true"}), "") << word;
        destroy("one");
    }
}

} // namespace
} // namespace nsd::test
