// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The oracle that all other tests of this tier trust: it fails when one thing is leaked on purpose, and
// is content when nothing is.
#include "tests/support/leak_oracle.hpp"

#include "common/unique_fd.hpp"
#include "tests/support/command.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"
#include "tests/support/temp_dir.hpp"

#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::test {
namespace {

constexpr std::chrono::milliseconds noPatience{0};

LeakOracle::Holdings thisProcess() {
    return {descriptorsOf(::getpid()), {}};
}

class LeakOracleTest : public testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }
};

std::string nameOf(pid_t pid) {
    auto name = readFile("/proc/" + std::to_string(pid) + "/comm");
    name.resize(name.find_last_not_of('\n') + 1);
    return name;
}

bool mentions(const testing::AssertionResult& result, const std::string& text) {
    return std::string(result.message()).find(text) != std::string::npos;
}

TEST_F(LeakOracleTest, IsContentWhenNothingChanged) {
    const LeakOracle oracle(thisProcess);
    EXPECT_TRUE(oracle.clean());
}

TEST_F(LeakOracleTest, SeesOneDescriptor) {
    const LeakOracle oracle(thisProcess);
    UniqueFd leaked(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
    const auto verdict = oracle.clean(noPatience);
    EXPECT_FALSE(verdict);
    EXPECT_TRUE(mentions(verdict, "descriptor /dev/zero"));
    leaked.reset();
    EXPECT_TRUE(oracle.clean());
}

TEST_F(LeakOracleTest, SeesOneMount) {
    const LeakOracle oracle;
    const TempDir directory;
    ASSERT_EQ(::mount("none", directory.path().c_str(), "tmpfs", 0, nullptr), 0);
    const auto verdict = oracle.clean(noPatience);
    EXPECT_FALSE(verdict);
    EXPECT_TRUE(mentions(verdict, "mount " + directory.path().string() + " (tmpfs"));
    unmountBelow(directory.path());
    EXPECT_TRUE(oracle.clean());
}

TEST_F(LeakOracleTest, SeesOneProcess) {
    const LeakOracle oracle;
    BackgroundProcess leaked({"sleep", "1000"});
    EXPECT_TRUE(eventually([&] { return mentions(oracle.clean(noPatience), "process sleep"); }));
    leaked.kill();
    EXPECT_TRUE(oracle.clean());
}

TEST_F(LeakOracleTest, KnowsAProcessThatHasBecomeAnotherProgram) {
    const TempDir directory;
    const auto go = directory / "go";
    ASSERT_EQ(::mkfifo(go.c_str(), 0600), 0);
    const BackgroundProcess process({"sh", "-c", "read -r word <" + go.string() + "; exec sleep 1000"});
    ASSERT_TRUE(eventually([&] { return nameOf(process.pid()) == "sh"; }));
    const LeakOracle oracle;
    writeFile(go, "go\n");
    ASSERT_TRUE(eventually([&] { return nameOf(process.pid()) == "sleep"; }));
    EXPECT_TRUE(oracle.clean(noPatience));
}

TEST_F(LeakOracleTest, TakesOneThatWasStartedAgainForTheSame) {
    auto process = std::make_unique<BackgroundProcess>(Arguments{"sleep", "1000"});
    ASSERT_TRUE(eventually([&] { return nameOf(process->pid()) == "sleep"; }));
    const LeakOracle oracle;
    process->kill();
    process = std::make_unique<BackgroundProcess>(Arguments{"sleep", "1000"});
    EXPECT_TRUE(oracle.clean());
    const BackgroundProcess second({"sleep", "1000"});
    ASSERT_TRUE(eventually([&] { return nameOf(second.pid()) == "sleep"; }));
    EXPECT_FALSE(oracle.clean(noPatience));
}

TEST_F(LeakOracleTest, SeesAnOrphanThatEscapedItsParent) {
    const LeakOracle oracle;
    const auto pid = std::stoi(mustRun({"sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!"}));
    EXPECT_FALSE(oracle.clean(noPatience));
    // Its name is the shell's until it has come as far as execve.
    EXPECT_TRUE(eventually([&] { return mentions(oracle.clean(noPatience), "process sleep"); }));
    ::kill(pid, SIGKILL);
    EXPECT_TRUE(oracle.clean());
}

TEST_F(LeakOracleTest, SeesOneNetworkNamespace) {
    NSD_REQUIRE(countNetNamespaces(), "/sys/kernel/slab/net_namespace");
    const LeakOracle oracle;
    const TempDir directory;
    writeFile(directory / "net", "");
    mustRun({"unshare", "--net=" + (directory / "net").string(), "true"});
    const auto verdict = oracle.clean(noPatience);
    EXPECT_FALSE(verdict);
    EXPECT_TRUE(mentions(verdict, "network namespaces"));
    unmountBelow(directory.path());
    EXPECT_TRUE(oracle.clean());
}

TEST_F(LeakOracleTest, SeesTheNamespaceThatShouldBeDead) {
    const TempDir directory;
    writeFile(directory / "uts", "");
    mustRun({"unshare", "--uts=" + (directory / "uts").string(), "true"});
    LeakOracle oracle;
    const bool remembered = oracle.mustDie(directory / "uts");
    UniqueFd keepsItAlive(::open((directory / "uts").c_str(), O_RDONLY | O_CLOEXEC));
    unmountBelow(directory.path());
    const auto verdict = oracle.clean(noPatience);
    EXPECT_EQ(mentions(verdict, "the living namespace of"), remembered);
    keepsItAlive.reset();
    EXPECT_TRUE(oracle.clean());
}

TEST_F(LeakOracleTest, SeesOneControlGroup) {
    const auto mounts = MountTable::read("self").ofType("cgroup2");
    NSD_REQUIRE(!mounts.empty(), "a cgroup2 mount");
    const LeakOracle oracle;
    const auto group = mounts.front().point + "/nsd-keep-test-" + std::to_string(::getpid());
    ASSERT_TRUE(std::filesystem::create_directory(group));
    const auto verdict = oracle.clean(noPatience);
    ::rmdir(group.c_str());
    EXPECT_FALSE(verdict);
    EXPECT_TRUE(mentions(verdict, "control group " + group));
    EXPECT_TRUE(oracle.clean());
}

} // namespace
} // namespace nsd::test
