// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What an ordinary user makes without a password is his: he enters it with plain descriptors and no
// privilege, and nobody else does.
#include "tests/support/ordinary_users.hpp"
#include "tests/system/manager_calls.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <sys/stat.h>

namespace nsd::test {
namespace {

class Rootless : public UserTest {
  protected:
    // `command` in the namespaces, by somebody who was handed their descriptors and nothing else.
    [[nodiscard]] CommandResult enterAs(uid_t uid, const std::string& name, const Arguments& command) {
        const auto fds = enterOverBus(daemon().busAddress(), name, {});
        CommandOptions options;
        options.user = uid;
        Arguments enter{"nsenter", "--preserve-credentials", "--no-fork"};
        int number = 100; // none that is open here
        for (const auto& [type, fd] : fds) {
            if (type == "pid")
                continue; // the pidfd's process would have to be forked
            options.descriptors[++number] = fd.get();
            enter.push_back(
                "--" + (type == "mnt" ? "mount" : type) + "=/proc/self/fd/" + std::to_string(number));
        }
        enter.insert(enter.end(), command.begin(), command.end());
        return run(enter, options);
    }
};

TEST_F(Rootless, AUserMakesAndDestroysAllTypesWithoutAPassword) {
    mustAs(user, {"create", "--rootless", "box", "-t", "all"});
    EXPECT_NE(mustAs(user, {"show", "box"}).find("www-data"), std::string::npos);
    mustDie("box");
    mustAs(user, {"destroy", "box"});
}

TEST_F(Rootless, WithoutTheOptionItIsRefused) {
    const auto refused = as(user, {"create", "box", "-t", "user,net"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
}

TEST_F(Rootless, TheOwnerEntersWithPlainDescriptorsAndNobodyElseDoes) {
    mustAs(
        user, {"create", "--rootless", "box", "-t", "user,uts,net,ipc", "--hostname", "his", "--map-root"});
    const auto his = enterAs(user, "box", {"sh", "-c", "hostname; id -u"});
    EXPECT_EQ(his.out, "his\n0\n") << his.err;
    const auto others = enterAs(another, "box", {"hostname"});
    EXPECT_NE(others.status, 0);
    EXPECT_NE(others.err.find("Operation not permitted"), std::string::npos) << others.err;
    EXPECT_EQ(others.out, "");
    mustDie("box");
    mustAs(user, {"destroy", "box"});
}

TEST_F(Rootless, AnotherUserChangesNothing) {
    mustAs(user, {"create", "--rootless", "box"});
    for (const auto& attempt : {Arguments{"destroy", "box"}, Arguments{"rename", "box", "mine"},
             Arguments{"label", "box", "a=b"}, Arguments{"exec", "box", "true"}})
        EXPECT_NE(as(another, attempt).status, 0) << attempt.front();
    EXPECT_EQ(nsctl({"list", "--no-legend"}).substr(0, 3), "box");
    destroy("box");
}

TEST_F(Rootless, TheDefaultMapIsTheUserOntoHimselfWithoutSetgroups) {
    mustAs(user, {"create", "--rootless", "box", "-t", "user"});
    const auto seen = enterAs(user, "box",
        {"sh", "-c",
            "id -u; id -g; cat /proc/self/setgroups; cat /proc/self/uid_map /proc/self/gid_map | tr -s ' '"});
    EXPECT_EQ(seen.out, "33\n33\ndeny\n 33 33 1\n 33 33 1\n") << seen.err;
    destroy("box");
}

TEST_F(Rootless, ARangeThatIsNotTheUsersIsRefusedWithItsFile) {
    const auto refused = as(user, {"create", "--rootless", "box", "--uid-map", "0:0:1"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.err.find("\"0 0 1\""), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("/etc/subuid"), std::string::npos) << refused.err;
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
}

// The user database does not answer: here /etc/subuid is a FIFO that nobody writes to.
class HangingLookUp : public Rootless {
  protected:
    HangingLookUp() {
        if (::mkfifo(fifo().c_str(), 0644) != 0)
            throw std::runtime_error("mkfifo");
    }
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.settings = R"({"worker-deadline": 10})";
        options.wrapper = {"unshare", "--mount", "--propagation=slave", "sh", "-c",
            "mount --bind " + fifo() + " /etc/subuid && exec \"$@\"", "sh"};
        return options;
    }

  private:
    void SetUp() override {
        NSD_REQUIRE(std::filesystem::exists("/etc/subuid"), "the file /etc/subuid");
        Rootless::SetUp();
    }
    [[nodiscard]] std::string fifo() const { return directory_.path() / "fifo"; }
    TempDir directory_;
};

TEST_F(HangingLookUp, CostsWhoNeedsItHisTimeAndNobodyElse) {
    CommandOptions options;
    options.user = user;
    options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
    const auto said = std::filesystem::path(daemon().runtimeDirectory()).parent_path() / "said";
    BackgroundProcess waiting({TestDaemon::binary("nsctl"), "create", "--rootless", "box"}, options, said);
    for (int i = 0; i < 5; ++i) {
        nsctl({"create", "web"});
        nsctl({"destroy", "web"});
    }
    EXPECT_FALSE(waiting.wait(std::chrono::milliseconds(0))) << "it did not hang: " << readFile(said);
    EXPECT_EQ(waiting.wait(std::chrono::seconds(60)), 1);
    EXPECT_NE(readFile(said).find("look up uid 33"), std::string::npos) << readFile(said);
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
}

} // namespace
} // namespace nsd::test
