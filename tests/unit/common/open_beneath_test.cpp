// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/open_beneath.hpp"

#include "tests/support/require.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

namespace nsd::test {
namespace {

class OpenBeneath : public testing::Test {
  protected:
    void SetUp() override {
        std::filesystem::create_directories(directory_ / "a/b");
        writeFile(directory_ / "a/b/file", "text");
        writeFile(directory_ / "beside", "not below");
        std::filesystem::create_symlink("b", directory_ / "a/link");
        std::filesystem::create_symlink("b/file", directory_ / "a/filelink");
        a_.reset(::open((directory_ / "a").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        ASSERT_TRUE(a_);
    }
    // 0, or why not.
    int open(std::string_view path, int flags = O_RDONLY, Mounts mounts = Mounts::Cross) {
        errno = 0;
        const auto fd = tryOpenBeneath(a_.get(), path, flags, mounts);
        if (fd) {
            EXPECT_EQ(::fcntl(fd.get(), F_GETFD), FD_CLOEXEC);
            return 0;
        }
        return errno;
    }
    TempDir directory_;
    UniqueFd a_;
};

TEST_F(OpenBeneath, findsWhatLiesBelow) {
    EXPECT_EQ(open("b"), 0);
    EXPECT_EQ(open("b/file"), 0);
    EXPECT_EQ(open("b/file", O_PATH), 0);
    EXPECT_EQ(open(".", O_RDONLY | O_DIRECTORY), 0);
    EXPECT_EQ(open("b", O_RDONLY | O_DIRECTORY, Mounts::Stay), 0);
    EXPECT_EQ(open("c"), ENOENT);
    EXPECT_EQ(open("b/c/d"), ENOENT);
    EXPECT_EQ(open(""), ENOENT);
    EXPECT_EQ(open("b/"), ENOENT);
    EXPECT_EQ(open(std::string(300, 'x')), ENAMETOOLONG);
}

TEST_F(OpenBeneath, leavesTheDirectoryByNoWay) {
    EXPECT_EQ(open(".."), EXDEV);
    EXPECT_EQ(open("../beside"), EXDEV);
    EXPECT_EQ(open("b/../../beside"), EXDEV);
    EXPECT_EQ(open("/etc/passwd"), ENOENT);
    EXPECT_EQ(open((directory_ / "beside").string()), ENOENT);
}

TEST_F(OpenBeneath, followsNoLink) {
    EXPECT_EQ(open("filelink"), ELOOP);
    EXPECT_EQ(open("filelink", O_PATH), ELOOP);
    EXPECT_EQ(open("link/file"), ENOTDIR);
    EXPECT_EQ(open("link", O_RDONLY | O_DIRECTORY), ENOTDIR);
    EXPECT_EQ(open("link", O_RDONLY | O_DIRECTORY, Mounts::Stay), ENOTDIR);
}

TEST_F(OpenBeneath, staysOnTheMountWhereItIsAsked) {
    a_.reset(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    EXPECT_EQ(open("proc", O_RDONLY | O_DIRECTORY), 0);
    EXPECT_EQ(open("proc", O_RDONLY | O_DIRECTORY, Mounts::Stay), EXDEV);
    EXPECT_EQ(open("proc/self/fd", O_RDONLY | O_DIRECTORY, Mounts::Stay), EXDEV);
    EXPECT_EQ(open("etc", O_RDONLY | O_DIRECTORY, Mounts::Stay), 0);
}

TEST_F(OpenBeneath, doesNotWaitForTheOtherEndOfAFifo) {
    ASSERT_EQ(::mkfifo((directory_ / "a/fifo").c_str(), 0600), 0);
    EXPECT_EQ(open("fifo"), 0);
}

} // namespace
} // namespace nsd::test
