// SPDX-License-Identifier: LGPL-2.1-or-later
// Whose a namespace is that somebody brings along, as the kernel says it.
#include "daemon/kernel/namespace_ownership.hpp"
#include "tests/support/command.hpp"
#include "tests/support/require.hpp"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace nsd::test {
namespace {

constexpr uid_t user = 12345;

class Ownership : public testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }

    static UniqueFd openAt(pid_t pid, NamespaceType type) {
        const auto path = "/proc/" + std::to_string(pid) + "/ns/" + std::string(procFileAfterUnshare(type));
        return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    }
};

// A program that has unshared all but the user namespace first, as `uid`, and sleeps.
class Elsewhere {
  public:
    explicit Elsewhere(std::optional<uid_t> uid) : process_(arguments(uid), options(uid)) {}
    [[nodiscard]] pid_t pid() const { return process_.pid(); }

  private:
    static Arguments arguments(std::optional<uid_t> uid) {
        Arguments all{"unshare"};
        if (uid)
            all.push_back("--user");
        for (const auto* option : {"--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--cgroup",
                 "--time", "--kill-child", "sleep", "1000"})
            all.emplace_back(option);
        return all;
    }
    static CommandOptions options(std::optional<uid_t> uid) {
        CommandOptions options;
        options.user = uid;
        return options;
    }

    BackgroundProcess process_;
};

bool hasUnshared(pid_t pid) {
    std::array<char, 64> theirs{};
    std::array<char, 64> own{};
    const auto path = "/proc/" + std::to_string(pid) + "/ns/time_for_children";
    return ::readlink(path.c_str(), theirs.data(), theirs.size() - 1) > 0 &&
           ::readlink("/proc/self/ns/time", own.data(), own.size() - 1) > 0 &&
           std::string(theirs.data()) != own.data() &&
           ::access(("/proc/" + std::to_string(pid) + "/ns/pid_for_children").c_str(), F_OK) == 0;
}

TEST_F(Ownership, OfTheHostsOwnIsTheHosts) {
    for (const auto type : allNamespaceTypes) {
        const auto fd = openAt(::getpid(), type);
        ASSERT_TRUE(fd) << toWord(type);
        EXPECT_TRUE(ownershipOf(fd.get()).ofHost) << toWord(type);
    }
}

TEST_F(Ownership, OfWhatRootMadeIsNobodysElse) {
    const Elsewhere process(std::nullopt);
    ASSERT_TRUE(eventually([&] { return hasUnshared(process.pid()); }));
    for (const auto type : allNamespaceTypes) {
        if (type == NamespaceType::User)
            continue;
        const auto fd = openAt(process.pid(), type);
        ASSERT_TRUE(fd) << toWord(type);
        const auto ownership = ownershipOf(fd.get());
        EXPECT_FALSE(ownership.ofHost) << toWord(type);
        EXPECT_FALSE(ownership.foreign) << toWord(type);
    }
}

TEST_F(Ownership, OfAUsersIsHis) {
    const Elsewhere process(user);
    ASSERT_TRUE(eventually([&] { return hasUnshared(process.pid()); }));
    const auto userNs = identifyNamespace(openAt(process.pid(), NamespaceType::User).get());
    for (const auto type : allNamespaceTypes) {
        const auto fd = openAt(process.pid(), type);
        ASSERT_TRUE(fd) << toWord(type);
        const auto ownership = ownershipOf(fd.get());
        EXPECT_FALSE(ownership.ofHost) << toWord(type);
        EXPECT_TRUE(ownership.foreign) << toWord(type);
        EXPECT_EQ(ownership.owner, user) << toWord(type);
        EXPECT_TRUE(ownership.user.sameAs(userNs)) << toWord(type);
    }
}

TEST_F(Ownership, IsNotGuessedWhereTheKernelDoesNotAnswer) {
    const Elsewhere process(user);
    ASSERT_TRUE(eventually([&] { return hasUnshared(process.pid()); }));
    const auto fd = openAt(process.pid(), NamespaceType::User);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    auto none = before;
    none.rlim_cur = 0;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0); // its parent is told by a descriptor
    EXPECT_THROW(static_cast<void>(ownershipOf(fd.get())), Error);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST_F(Ownership, OfNoNamespaceIsAWrongDescriptor) {
    const UniqueFd fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_THROW(static_cast<void>(ownershipOf(fd.get())), Error);
}

} // namespace
} // namespace nsd::test
