// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Root enters a namespace that belongs to a user: what runs inside must not be the host's root.
#include "tests/support/system_test.hpp"

#include <fcntl.h>
#include <sys/stat.h>

namespace nsd::test {
namespace {

constexpr auto user = "12345";

class UserNamespace : public SystemTest {
  protected:
    // A file of the host's root that others may read, as /etc/passwd is.
    void SetUp() override {
        SystemTest::SetUp();
        writeFile(file(), "of the host\n");
        ::chmod(file().c_str(), 0644);
    }
    [[nodiscard]] std::string file() const { return directory_ / "root-owned"; }
    [[nodiscard]] CommandResult overwrite(const std::string& name) {
        return daemon().nsctl({"exec", name, "sh", "-c", "echo overwritten > " + file()});
    }

  private:
    TempDir directory_;
};

TEST_F(UserNamespace, RootInsideIsTheOwnerAndCannotWriteRootsFile) {
    nsctl({"create", "box", "-t", "user,mnt", "--owner", user, "--map-root"});
    EXPECT_EQ(nsctl({"exec", "box", "id", "-u"}), "0");
    const auto attempt = overwrite("box");
    EXPECT_NE(attempt.status, 0);
    EXPECT_NE(attempt.err.find("Permission denied"), std::string::npos) << attempt.err;
    EXPECT_EQ(readFile(file()), "of the host\n");
    destroy("box");
}

TEST_F(UserNamespace, WithoutAnIdInsideRootDoesNotEnter) {
    nsctl({"create", "box", "-t", "user,mnt", "--owner", user});
    const auto attempt = overwrite("box");
    EXPECT_EQ(attempt.status, 125) << attempt.err;
    EXPECT_EQ(readFile(file()), "of the host\n");
    destroy("box");
}

TEST_F(UserNamespace, TheOwnersIdInsideIsHisOwn) {
    nsctl({"create", "box", "-t", "user,mnt", "--owner", user});
    EXPECT_EQ(nsctl({"exec", "box", "--user", user, "id", "-u"}), user);
    EXPECT_NE(daemon().nsctl({"exec", "box", "--user", user, "sh", "-c", "echo x > " + file()}).status, 0);
    EXPECT_EQ(readFile(file()), "of the host\n");
    destroy("box");
}

TEST_F(UserNamespace, AForeignMountNamespaceIsNotJoinedWithoutItsUsers) {
    nsctl({"create", "box", "-t", "user,mnt", "--owner", user, "--map-root"});
    const auto attempt = daemon().nsctl({"exec", "box", "-t", "mnt", "sh", "-c", "echo x > " + file()});
    EXPECT_EQ(attempt.status, 125) << attempt.err;
    EXPECT_EQ(readFile(file()), "of the host\n");
    destroy("box");
}

TEST_F(UserNamespace, TheOwnerOwnsTheRest) {
    nsctl({"create", "box", "-t", "user,uts", "--owner", user, "--map-root", "--hostname", "his"});
    // The owner may enter without privilege, since the kernel knows him as the owner.
    {
        const UniqueFd userFd(::open(daemon().pin("box", "user").c_str(), O_RDONLY | O_CLOEXEC));
        const UniqueFd utsFd(::open(daemon().pin("box", "uts").c_str(), O_RDONLY | O_CLOEXEC));
        CommandOptions asOwner;
        asOwner.user = static_cast<uid_t>(std::stoul(user));
        asOwner.descriptors = {{8, userFd.get()}, {9, utsFd.get()}};
        const Arguments enter{"nsenter", "--preserve-credentials", "--user=/proc/self/fd/8",
            "--uts=/proc/self/fd/9", "hostname"};
        EXPECT_EQ(mustRun(enter, asOwner), "his");
    }
    destroy("box");
}

} // namespace
} // namespace nsd::test
