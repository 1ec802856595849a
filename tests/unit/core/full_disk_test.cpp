// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/require.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <cstdint>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/vfs.h>

namespace nsd::test {
namespace {

// A tmpfs of few inodes or bytes in a mount namespace of this test alone.
class SmallTmpfs {
  public:
    SmallTmpfs(std::filesystem::path at, const std::string& options) : at_(std::move(at)) {
        std::filesystem::create_directories(at_);
        home_.reset(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
        EXPECT_EQ(::unshare(CLONE_NEWNS), 0);
        EXPECT_EQ(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
        EXPECT_EQ(::mount("tmpfs", at_.c_str(), "tmpfs", 0, options.c_str()), 0);
    }
    SmallTmpfs(const SmallTmpfs&) = delete;
    SmallTmpfs& operator=(const SmallTmpfs&) = delete;
    ~SmallTmpfs() {
        EXPECT_EQ(::umount2(at_.c_str(), MNT_DETACH), 0);
        EXPECT_EQ(::setns(home_.get(), CLONE_NEWNS), 0);
    }
    [[nodiscard]] std::uint64_t freeInodes() const {
        struct statfs fs {};
        EXPECT_EQ(::statfs(at_.c_str(), &fs), 0);
        return fs.f_ffree;
    }

  private:
    std::filesystem::path at_;
    UniqueFd home_;
};

struct Attempt {
    std::string code;
    std::uint64_t inodesBefore = 0;
    std::uint64_t inodesAfter = 0;
};

// Creates one namespace on a file system that is made with these options.
Attempt createOn(const std::string& options, FakeLoop& loop, FakeKernel& kernel) {
    const TempDir directory;
    const SmallTmpfs tmpfs(directory / "ns", options);
    RecordingLog log;
    FakeLinks links(loop, kernel);
    Namespaces namespaces(loop, kernel, links, log,
        UniqueFd(::open((directory / "ns").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    Attempt attempt{.code = "no answer", .inodesBefore = tmpfs.freeInodes()};
    CreateRequest request{.name = Name("web")};
    request.spec.types = {NamespaceType::Net, NamespaceType::Pid};
    namespaces.create(request, [&](const Outcome<Uuid>& outcome) {
        attempt.code = outcome.ok() ? "none" : toWord(outcome.error().code());
    });
    loop.settle();
    attempt.inodesAfter = tmpfs.freeInodes();
    return attempt;
}

TEST(FullDisk, WithoutInodesAtAnyPointCreateLeavesNothing) {
    NSD_REQUIRE_ROOT();
    FakeLoop loop;
    FakeKernel kernel(loop);
    unsigned failures = 0;
    // The root directory and the three areas take four; a pin, a directory and meta one each.
    for (unsigned inodes = 5;; ++inodes) {
        const auto attempt = createOn("nr_inodes=" + std::to_string(inodes), loop, kernel);
        if (attempt.code == "none")
            break;
        ++failures;
        ASSERT_EQ(attempt.code, "LimitExceeded") << inodes;
        EXPECT_EQ(attempt.inodesAfter, attempt.inodesBefore) << inodes;
        EXPECT_TRUE(kernel.leaked().empty()) << inodes;
        EXPECT_EQ(kernel.livingInits(), 0U) << inodes;
        EXPECT_EQ(kernel.controlGroups(), 0U) << inodes;
    }
    EXPECT_GE(failures, 3U);
}

TEST(FullDisk, WithoutBytesForMetaCreateLeavesNothing) {
    NSD_REQUIRE_ROOT();
    FakeLoop loop;
    FakeKernel kernel(loop);
    // One page each for the two fake pins, none for meta.
    const auto attempt = createOn("nr_blocks=2", loop, kernel);
    EXPECT_EQ(attempt.code, "LimitExceeded");
    EXPECT_EQ(attempt.inodesAfter, attempt.inodesBefore);
    EXPECT_TRUE(kernel.leaked().empty());
}

TEST(FullDisk, SetLabelsKeepsTheOldOnes) {
    NSD_REQUIRE_ROOT();
    FakeLoop loop;
    FakeKernel kernel(loop);
    RecordingLog log;
    const TempDir directory;
    // Two pages: the fake pin and meta, none for a second meta.
    const SmallTmpfs tmpfs(directory / "ns", "nr_blocks=2");
    FakeLinks links(loop, kernel);
    Namespaces namespaces(loop, kernel, links, log,
        UniqueFd(::open((directory / "ns").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    CreateRequest request{.name = Name("web")};
    request.spec.types = {NamespaceType::Net};
    request.labels = {{"k", "v"}};
    namespaces.create(request, [](const Outcome<Uuid>& outcome) { EXPECT_TRUE(outcome.ok()); });
    loop.settle();
    const auto& record = namespaces.find(Name("web"));
    EXPECT_EQ(codeOf([&] { namespaces.setLabels(record.uuid, {{"k", "new"}}); }), "LimitExceeded");
    EXPECT_EQ(record.labels, (Labels{{"k", "v"}}));
    EXPECT_FALSE(std::filesystem::exists(directory / "ns/web/meta.new"));
    EXPECT_NE(readFile(directory / "ns/web/meta").find("\"k\": \"v\""), std::string::npos);
}

} // namespace
} // namespace nsd::test
