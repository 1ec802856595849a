// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/keep_subtree.hpp"

#include "common/error.hpp"
#include "daemon/kernel/control_group.hpp"
#include "daemon/kernel/loop_scope.hpp"
#include "daemon/kernel/process_facts.hpp"
#include "tests/kernel/linux_kernel_fixture.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/prctl.h>
#include <unistd.h>

namespace nsd::test {
namespace {

class KeepSubtreeTest : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE(openControlGroupRoot().has_value(), "a cgroup2 mount");
        mount_ = MountTable::read("self").ofType("cgroup2").front().point;
        adoptOrphans();
        restart();
    }
    void TearDown() override {
        if (!keep_)
            return;
        keep_->sweep({});
        EXPECT_TRUE(loop_.turnUntil([&] { return !std::filesystem::exists(directory()); }));
    }

    void restart() {
        keep_.reset();
        scope_.reset();
        scope_.emplace(loop_.loop());
        keep_ = std::make_unique<KeepSubtree>(*scope_, loop_.log(),
            KeepSubtree::Options{std::string(NSD_TEST_BIN_DIR) + "/nsd-init", runtime_.path(), unitGroup_});
    }
    [[nodiscard]] std::string directory() const { return mount_ + "/" + keepSubtreeName(runtime_.path()); }
    // Starts a shell in the group of the subtree itself; it is there when this returns.
    [[nodiscard]] std::unique_ptr<Bystander> startInSubtree(const std::string& command) {
        auto process = std::make_unique<Bystander>("echo $$ > " + directory() + "/cgroup.procs; " + command);
        EXPECT_TRUE(loop_.turnUntil([&] { return isInSubtree(process->pid()); }));
        return process;
    }
    [[nodiscard]] bool isInSubtree(pid_t pid) const {
        const auto processes = "\n" + readFile(directory() + "/cgroup.procs");
        return processes.find("\n" + std::to_string(pid) + "\n") != std::string::npos;
    }
    [[nodiscard]] std::string pathOf(const KeepSubtree::Group& group) const { return mount_ + group.path; }
    [[nodiscard]] bool gone(const KeepSubtree::Group& group) const {
        return !std::filesystem::exists(pathOf(group));
    }

    std::string unitGroup_; // as if systemd had started the daemon
    TempDir runtime_;
    TurnedLoop loop_;
    std::string mount_;
    std::optional<LoopScope> scope_;
    std::unique_ptr<KeepSubtree> keep_;
};

TEST_F(KeepSubtreeTest, StartsItsHolderWithTheFirstGroupAndEndsItAfterTheLast) {
    EXPECT_FALSE(std::filesystem::exists(directory()));
    const auto first = keep_->create(Uuid::random());
    const auto second = keep_->create(Uuid::random());
    const auto holder = keep_->holder();
    EXPECT_GT(holder, 0);
    EXPECT_TRUE(std::filesystem::exists(pathOf(first)));
    keep_->remove(first.path);
    EXPECT_TRUE(gone(first));
    EXPECT_EQ(keep_->holder(), holder);
    keep_->remove(second.path);
    EXPECT_TRUE(loop_.turnUntil([&] { return !std::filesystem::exists(directory()); }));
    EXPECT_EQ(keep_->holder(), 0);
    EXPECT_TRUE(loop_.turnUntil([&] { return ::kill(holder, 0) != 0; }));
}

TEST_F(KeepSubtreeTest, TheHolderIsInTheSubtreeInASessionOfItsOwnWithNothingOpen) {
    static_cast<void>(keep_->create(Uuid::random()));
    const auto group = directory();
    const auto holder = keep_->holder();
    EXPECT_EQ(readFile(group + "/cgroup.procs"), std::to_string(holder) + "\n");
    EXPECT_EQ(::getsid(holder), holder);
    EXPECT_TRUE(loop_.turnUntil([&] { return descriptorsOf(holder).empty(); }))
        << descriptorsOf(holder).size() << " open";
}

TEST_F(KeepSubtreeTest, ASuccessorAdoptsTheHolder) {
    const auto group = keep_->create(Uuid::random());
    const auto holder = keep_->holder();
    restart();
    EXPECT_EQ(keep_->holder(), holder);
    keep_->sweep({group.path});
    EXPECT_EQ(keep_->holder(), holder);
    EXPECT_FALSE(gone(group));
}

// execve(2) lets vfork(2) return before the child is another program: a successor may find it like this.
TEST_F(KeepSubtreeTest, ASuccessorAdoptsAHolderThatIsStillACopyOfTheDaemon) {
    static_cast<void>(keep_->create(Uuid::random()));
    ::kill(keep_->holder(), SIGKILL);
    ASSERT_TRUE(loop_.turnUntil([&] { return keep_->holder() == 0; }));
    const pid_t copy = ::fork();
    if (copy == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            ::pause();
    }
    writeFile(directory() + "/cgroup.procs", std::to_string(copy));
    restart();
    EXPECT_EQ(keep_->holder(), copy);
}

TEST_F(KeepSubtreeTest, ASecondHolderEndsWithTheFirst) {
    const auto group = keep_->create(Uuid::random());
    const auto second = startInSubtree("exec " + std::string(NSD_TEST_BIN_DIR) + "/nsd-init --hold");
    ASSERT_TRUE(loop_.turnUntil([&] { return programOfProcess(second->pid()) == "nsd-init"; }));
    restart();
    keep_->remove(group.path);
    EXPECT_TRUE(loop_.turnUntil([&] { return !std::filesystem::exists(directory()); }));
}

TEST_F(KeepSubtreeTest, AnAdministratorsProcessInTheSubtreeIsLeftAlone) {
    const auto group = keep_->create(Uuid::random());
    const auto holder = keep_->holder();
    const auto foreign = startInSubtree("exec sleep 1000");
    keep_->remove(group.path);
    ASSERT_TRUE(loop_.turnUntil([&] { return !isInSubtree(holder); }));
    EXPECT_TRUE(isInSubtree(foreign->pid()));
    foreign->kill();
    EXPECT_TRUE(loop_.turnUntil([&] { return !std::filesystem::exists(directory()); }));
}

TEST_F(KeepSubtreeTest, ASuccessorOfACrashStartsTheHolderThatIsMissing) {
    const auto group = keep_->create(Uuid::random());
    const auto holder = keep_->holder();
    const UniqueFd pidfd(openPidfd(holder));
    keep_.reset();
    ::kill(holder, SIGKILL);
    ASSERT_TRUE(loop_.turnUntil([&] { return !isAlive(pidfd.get()); }));
    restart();
    EXPECT_EQ(keep_->holder(), 0);
    keep_->sweep({group.path});
    EXPECT_GT(keep_->holder(), 0);
}

TEST_F(KeepSubtreeTest, SweepsWhatNoRecordNames) {
    const auto kept = keep_->create(Uuid::random());
    const auto lost = keep_->create(Uuid::random());
    restart();
    keep_->sweep({kept.path});
    EXPECT_TRUE(gone(lost));
    EXPECT_FALSE(gone(kept));
}

TEST_F(KeepSubtreeTest, AGroupInUseIsRemovedWhenItsLastProcessGoes) {
    const auto group = keep_->create(Uuid::random());
    const Bystander inside("echo $$ > " + pathOf(group) + "/cgroup.procs; exec sleep 1000");
    ASSERT_TRUE(loop_.turnUntil([&] { return !readFile(pathOf(group) + "/cgroup.procs").empty(); }));
    keep_->remove(group.path);
    loop_.turnAll();
    EXPECT_FALSE(gone(group));
    inside.kill();
    EXPECT_TRUE(loop_.turnUntil([&] { return gone(group); }));
}

TEST_F(KeepSubtreeTest, AGroupIsRemovedWithTheGroupsThatWereMadeInIt) {
    const auto group = keep_->create(Uuid::random());
    std::filesystem::create_directory(pathOf(group) + "/inner");
    std::filesystem::create_directory(pathOf(group) + "/inner/most");
    const Bystander inside("echo $$ > " + pathOf(group) + "/inner/most/cgroup.procs; exec sleep 1000");
    ASSERT_TRUE(
        loop_.turnUntil([&] { return !readFile(pathOf(group) + "/inner/most/cgroup.procs").empty(); }));
    keep_->remove(group.path);
    EXPECT_FALSE(gone(group));
    inside.kill();
    EXPECT_TRUE(loop_.turnUntil([&] { return gone(group); }));
}

TEST_F(KeepSubtreeTest, AGroupThatIsWantedAgainIsNotRemoved) {
    const auto uuid = Uuid::random();
    const auto group = keep_->create(uuid);
    {
        const Bystander inside("echo $$ > " + pathOf(group) + "/cgroup.procs; exec sleep 1000");
        ASSERT_TRUE(loop_.turnUntil([&] { return !readFile(pathOf(group) + "/cgroup.procs").empty(); }));
        keep_->remove(group.path);
        EXPECT_EQ(keep_->create(uuid).path, group.path);
    }
    ASSERT_TRUE(loop_.turnUntil([&] { return readFile(pathOf(group) + "/cgroup.procs").empty(); }));
    loop_.turnAll();
    EXPECT_FALSE(gone(group));
}

TEST_F(KeepSubtreeTest, RemovesNothingThatItDidNotMake) {
    const auto foreign = mount_ + "/nsd-keep-test-foreign";
    std::filesystem::create_directory(foreign);
    static_cast<void>(keep_->create(Uuid::random()));
    for (const auto* path : {"/nsd-keep-test-foreign", "/", "", "/../etc", "nsd-keep"})
        keep_->remove(path);
    keep_->remove("/" + keepSubtreeName(runtime_.path()) + "/../nsd-keep-test-foreign");
    EXPECT_TRUE(std::filesystem::exists(foreign));
    std::filesystem::remove(foreign);
}

// The group of a unit, and in it the process that keeps it, where systemd would have put them.
class KeepUnitTest : public KeepSubtreeTest {
  protected:
    void SetUp() override {
        KeepSubtreeTest::SetUp();
        if (mount_.empty())
            return;
        path_ = "/nsd-test-" + Uuid::random().str() + "/nsd-keep.service";
        std::filesystem::create_directories(mount_ + path_);
        main_ = std::make_unique<Bystander>("echo $$ > " + mount_ + path_ + "/cgroup.procs; exec " +
                                            std::string(NSD_TEST_BIN_DIR) + "/nsd-init --hold-unit");
        ASSERT_TRUE(loop_.turnUntil([&] { return isInLeaf(); }));
    }
    void TearDown() override {
        if (mount_.empty())
            return;
        keep_->sweep({});
        main_->kill();
        const auto slice = std::filesystem::path(path_).parent_path().relative_path();
        const auto root = openControlGroupRoot();
        EXPECT_TRUE(loop_.turnUntil([&] { return removeControlGroup(root->get(), slice); }));
        KeepSubtreeTest::TearDown();
    }
    void startUnderSystemd() {
        unitGroup_ = path_;
        restart();
    }
    [[nodiscard]] bool isInLeaf() const {
        return readFileIfThere(mount_ + path_ + "/hold/cgroup.procs") == std::to_string(main_->pid()) + "\n";
    }
    [[nodiscard]] static std::string readFileIfThere(const std::string& path) {
        return std::filesystem::exists(path) ? readFile(path) : std::string();
    }

    std::string path_;
    std::unique_ptr<Bystander> main_;
};

TEST_F(KeepUnitTest, TheUnitsProcessMovesIntoALeafSoThatControllersCanBeGivenToTheOthers) {
    EXPECT_TRUE(isInLeaf());
    EXPECT_EQ(readFile(mount_ + path_ + "/cgroup.procs"), "");
    const auto controllers = readFile(mount_ + path_ + "/cgroup.controllers");
    if (const auto one = controllers.substr(0, controllers.find_first_of(" \n")); !one.empty()) {
        EXPECT_NO_THROW(writeFile(mount_ + path_ + "/cgroup.subtree_control", "+" + one));
    }
}

TEST_F(KeepUnitTest, GroupsAreMadeBesideTheUnitsProcessAndNeedNoHolder) {
    startUnderSystemd();
    const auto uuid = Uuid::random();
    const auto group = keep_->create(uuid);
    EXPECT_EQ(group.path, path_ + "/" + uuid.str());
    EXPECT_TRUE(std::filesystem::exists(pathOf(group)));
    EXPECT_EQ(keep_->holder(), 0);
    EXPECT_FALSE(std::filesystem::exists(directory()));
}

TEST_F(KeepUnitTest, TheLastGroupGoesAndTheUnitsStays) {
    startUnderSystemd();
    const auto group = keep_->create(Uuid::random());
    keep_->remove(group.path);
    loop_.turnAll();
    EXPECT_TRUE(gone(group));
    EXPECT_TRUE(isInLeaf()) << "the unit's process was ended";
}

TEST_F(KeepUnitTest, TheUnitsGroupIsSystemdsToRemoveAlsoWhenItIsEmpty) {
    startUnderSystemd();
    main_->kill();
    ASSERT_TRUE(loop_.turnUntil([&] { return ::rmdir((mount_ + path_ + "/hold").c_str()) == 0; }));
    const auto group = keep_->create(Uuid::random());
    keep_->remove(group.path);
    EXPECT_TRUE(std::filesystem::exists(mount_ + path_));
}

TEST_F(KeepUnitTest, SweepsWhatNoRecordNamesAndLeavesEverythingElse) {
    startUnderSystemd();
    const auto kept = keep_->create(Uuid::random());
    const auto lost = keep_->create(Uuid::random());
    std::filesystem::create_directory(mount_ + path_ + "/somebodys");
    restart();
    keep_->sweep({kept.path});
    EXPECT_TRUE(gone(lost));
    EXPECT_FALSE(gone(kept));
    EXPECT_TRUE(std::filesystem::exists(mount_ + path_ + "/hold"));
    EXPECT_TRUE(std::filesystem::exists(mount_ + path_ + "/somebodys"));
}

TEST_F(KeepUnitTest, WhatWasMadeBeforeSystemdRanUsIsFoundAndRemoved) {
    const auto before = keep_->create(Uuid::random());
    const auto holder = keep_->holder();
    startUnderSystemd();
    keep_->sweep({before.path});
    EXPECT_EQ(keep_->holder(), holder);
    const auto now = keep_->create(Uuid::random());
    EXPECT_TRUE(now.path.starts_with(path_));
    keep_->remove(before.path);
    EXPECT_TRUE(loop_.turnUntil([&] { return !std::filesystem::exists(directory()); }));
    EXPECT_FALSE(gone(now));
}

TEST_F(KeepUnitTest, WhatTheUnitsDaemonMadeIsRemovedByOneStartedByHand) {
    startUnderSystemd();
    const auto group = keep_->create(Uuid::random());
    unitGroup_.clear();
    restart();
    keep_->sweep({group.path});
    EXPECT_FALSE(gone(group));
    keep_->remove(group.path);
    EXPECT_TRUE(gone(group));
}

TEST_F(KeepUnitTest, WithoutTheUnitGroupsAreMadeAsWithoutSystemd) {
    unitGroup_ = "/nsd-test-not-there/nsd-keep.service";
    restart();
    const auto group = keep_->create(Uuid::random());
    EXPECT_TRUE(group.path.starts_with("/" + keepSubtreeName(runtime_.path())));
    EXPECT_NE(keep_->holder(), 0);
}

TEST(KeepUnitGroupTest, IsBesideThatOfTheDaemonsUnit) {
    EXPECT_EQ(keepUnitGroup("0::/system.slice/nsd.service\n"), "/system.slice/nsd-keep.service");
    EXPECT_EQ(keepUnitGroup("1:name=systemd:/x/nsd.service\n0::/a.slice/nsd.service\n"),
        "/a.slice/nsd-keep.service");
    for (const auto* other :
        {"", "0::/\n", "0::/user.slice/session-1.scope\n", "0::/system.slice/my-nsd.service\n",
            "1:name=systemd:/system.slice/nsd.service\n", "0::/system.slice/nsd.service/inner\n"})
        EXPECT_EQ(keepUnitGroup(other), "") << other;
}

TEST(KeepSubtreeNameTest, OneForTheHostAndOneForEachOtherRuntimeDirectory) {
    EXPECT_EQ(keepSubtreeName("/run/nsd"), "nsd-keep");
    EXPECT_NE(keepSubtreeName("/tmp/a"), keepSubtreeName("/tmp/b"));
    EXPECT_EQ(keepSubtreeName("/tmp/a").size(), std::string("nsd-keep-").size() + 16);
}

} // namespace
} // namespace nsd::test
