// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Removals of control groups that fail for want of descriptors.
#include "daemon/kernel/keep_group.hpp"

#include "daemon/kernel/control_group.hpp"
#include "tests/kernel/linux_kernel_fixture.hpp"
#include "tests/support/fake_loop.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/require.hpp"

#include <algorithm>
#include <filesystem>
#include <sys/resource.h>
#include <thread>

namespace nsd::test {
namespace {

using std::chrono::seconds;

// No descriptor can be opened while it lives.
class NoDescriptors {
  public:
    NoDescriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit none{0, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoDescriptors(const NoDescriptors&) = delete;
    NoDescriptors& operator=(const NoDescriptors&) = delete;

  private:
    rlimit before_{};
};

class KeepRetryTest : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        root_ = openControlGroupRoot();
        NSD_REQUIRE(root_.has_value(), "a cgroup2 mount");
        directory_ = MountTable::read("self").ofType("cgroup2").front().point + path_;
        std::filesystem::create_directory(directory_);
        group_.emplace(loop_, log_, root_->get(), path_, KeepGroup::Whose::Units, "/nonexistent");
        static_cast<void>(group_->create(uuid_));
        inside_.emplace("echo $$ > " + directory_ + "/" + uuid_ + "/cgroup.procs; exec sleep 1000");
        while (readFile(directory_ + "/" + uuid_ + "/cgroup.procs").empty())
            std::this_thread::yield();
    }
    void TearDown() override {
        if (!root_)
            return;
        inside_.reset();
        group_.reset();
        loop_.settle();
        while (!removeControlGroup(root_->get(), path_.substr(1)))
            std::this_thread::yield();
    }
    [[nodiscard]] std::size_t linesThatBegin(std::string_view begin) const {
        return static_cast<std::size_t>(std::count_if(log_.lines().begin(), log_.lines().end(),
            [&](const std::string& line) { return line.starts_with(begin); }));
    }
    // Tries, the first one included: each is a line.
    [[nodiscard]] std::size_t tries() const { return log_.lines().size(); }

    std::string path_ = "/nsd-test-" + Uuid::random().str();
    std::string uuid_ = Uuid::random().str();
    std::string directory_;
    std::optional<UniqueFd> root_;
    MemoryLog log_;
    FakeLoop loop_;
    std::optional<KeepGroup> group_;
    std::optional<Bystander> inside_;
};

TEST_F(KeepRetryTest, ComeMoreAndMoreSeldomAndOnlyTheFirstIsAWarning) {
    const NoDescriptors none;
    group_->remove(uuid_);
    EXPECT_EQ(tries(), 1U);
    std::size_t expected = 1;
    for (const auto pause : {1, 2, 4, 8, 16, 32, 60, 60}) {
        loop_.advance(seconds(pause) - std::chrono::milliseconds(1));
        EXPECT_EQ(tries(), expected) << "before " << pause << " s";
        loop_.advance(std::chrono::milliseconds(1));
        EXPECT_EQ(tries(), ++expected) << "after " << pause << " s";
    }
    EXPECT_EQ(linesThatBegin("W"), 1U);
}

TEST_F(KeepRetryTest, SucceedWhenThereAreDescriptorsAgainAndTheNextFailureIsAWarningAnew) {
    {
        const NoDescriptors none;
        group_->remove(uuid_);
        loop_.advance(seconds(3));
    }
    loop_.advance(seconds(4)); // waits for the last process from here on
    EXPECT_EQ(loop_.timers(), 0U);
    inside_.reset();
    while (std::filesystem::exists(directory_ + "/" + uuid_))
        loop_.turn();
    const auto other = Uuid::random().str();
    static_cast<void>(group_->create(other));
    inside_.emplace("echo $$ > " + directory_ + "/" + other + "/cgroup.procs; exec sleep 1000");
    while (readFile(directory_ + "/" + other + "/cgroup.procs").empty())
        std::this_thread::yield();
    const NoDescriptors none;
    group_->remove(other);
    EXPECT_EQ(linesThatBegin("W"), 2U);
}

} // namespace
} // namespace nsd::test
