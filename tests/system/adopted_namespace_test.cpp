// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Namespaces that somebody else has made get a name: from whom, and what becomes of who lives there.
#include "tests/support/ordinary_users.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <filesystem>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

// A program of a user's in namespaces that it made without anybody's help.
class Unshared {
  public:
    explicit Unshared(const Arguments& types) : process_(arguments(types), ofUser()) {
        const auto own = [this](
                             const char* file) { return fs::path("/proc") / std::to_string(pid()) / file; };
        // unshare(1) writes the map when all is there; with --fork its child is what lives inside.
        EXPECT_TRUE(eventually([&] {
            return !readFile(own("uid_map")).empty() &&
                   readFile(own("uid_map")).find("4294967295") == std::string::npos;
        }));
        const bool forks = std::find(types.begin(), types.end(), "--fork") != types.end();
        EXPECT_TRUE(eventually([&] { return !forks || child() != 0; }));
    }
    [[nodiscard]] pid_t pid() const { return process_.pid(); }
    [[nodiscard]] pid_t child() const {
        const auto id = std::to_string(pid());
        const auto children = readFile("/proc/" + id + "/task/" + id + "/children");
        return children.empty() ? 0 : std::stoi(children);
    }

  private:
    static Arguments arguments(const Arguments& types) {
        Arguments all{"unshare", "--user", "--map-root-user"};
        all.insert(all.end(), types.begin(), types.end());
        all.insert(all.end(), {"sleep", "1000"});
        return all;
    }
    static CommandOptions ofUser() {
        CommandOptions options;
        options.user = OrdinaryUsers::user;
        return options;
    }
    BackgroundProcess process_;
};

class Adopt : public UserTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("unshare");
        UserTest::SetUp();
    }
    void adoptAs(uid_t uid, pid_t pid, const Arguments& more = {}) {
        Arguments line{"adopt", "box", "--pid", std::to_string(pid)};
        line.insert(line.end(), more.begin(), more.end());
        mustAs(uid, line);
    }
    [[nodiscard]] bool shows(const std::string& text) {
        return daemon().nsctl({"show", "box", "--json=short"}).out.find(text) != std::string::npos;
    }
};

bool isAlive(pid_t pid) {
    return ::kill(pid, 0) == 0;
}

TEST_F(Adopt, AUsersOwnIsHisWithoutAPassword) {
    {
        const Unshared process({"--net"});
        adoptAs(user, process.pid());
        EXPECT_TRUE(shows(R"("adopted")"));
        EXPECT_EQ(std::to_string(inodeOf(daemon().pin("box", "net"))),
            std::to_string(inodeOf("/proc/" + std::to_string(process.pid()) + "/ns/net")));
        EXPECT_TRUE(fs::exists(daemon().pin("box", "user")));
        EXPECT_FALSE(fs::exists(daemon().pin("box", "mnt")));
        EXPECT_EQ(nsctl({"exec", "box", "id", "-u"}), "0");
        mustDie("box");
    }
    // Its process is gone, and it is there.
    EXPECT_TRUE(nsctl({"exec", "box", "ip", "-br", "link"}).starts_with("lo "));
    EXPECT_EQ(as(another, {"destroy", "box"}).status, 1);
    EXPECT_EQ(as(user, {"destroy", "box"}).status, 0);
}

TEST_F(Adopt, OthersAreRefusedByTheKernelAndByNsd) {
    const Unshared process({"--net"});
    const auto pid = std::to_string(process.pid());
    const auto byPid = as(another, {"adopt", "box", "--pid", pid});
    EXPECT_EQ(byPid.status, 1);
    EXPECT_NE(byPid.err.find("Permission denied"), std::string::npos) << byPid.err;
    // Somebody handed him a descriptor.
    const UniqueFd net(::open(("/proc/" + pid + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
    CommandOptions options;
    options.descriptors[9] = net.get();
    const auto byFile = as(another, {"adopt", "box", "net=/proc/self/fd/9"}, options);
    EXPECT_EQ(byFile.status, 1) << byFile.err;
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
    // Root may.
    nsctl({"adopt", "box", "net=/proc/" + pid + "/ns/net", "--owner", std::to_string(another)});
    const auto again = as(user, {"adopt", "other", "--pid", pid, "-t", "net"});
    EXPECT_EQ(again.status, 1);
    EXPECT_NE(again.err.find("\"box\""), std::string::npos) << again.err;
    nsctl({"destroy", "box", "--timeout", "0"});
}

TEST_F(Adopt, TheHostsOwnHaveNoName) {
    for (const auto* type : {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"}) {
        const auto refused = daemon().nsctl({"adopt", "host", std::string(type) + "=/proc/self/ns/" + type});
        EXPECT_EQ(refused.status, 1) << type;
        EXPECT_NE(refused.err.find("host's own"), std::string::npos) << refused.err;
    }
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
}

TEST_F(Adopt, SurvivesTheDaemon) {
    const Unshared process({"--net", "--uts", "--mount", "--ipc"});
    adoptAs(user, process.pid());
    const auto before = nsctl({"show", "box", "--json=short"});
    daemon().kill9();
    daemon().restart();
    EXPECT_EQ(nsctl({"show", "box", "--json=short"}), before);
    EXPECT_TRUE(isAlive(process.pid()));
    nsctl({"destroy", "box", "--timeout", "0"});
    EXPECT_TRUE(isAlive(process.pid()));
}

TEST_F(Adopt, Process1OfAPidNamespaceIsAMemberAsAnyOther) {
    const Unshared process({"--pid", "--fork", "--kill-child", "--mount-proc"});
    const auto first = process.child();
    adoptAs(user, first);
    EXPECT_TRUE(fs::exists(daemon().pin("box", "pid")));
    EXPECT_EQ(nsctl({"exec", "box", "sh", "-c", "readlink /proc/1/exe | xargs basename"}), "sleep");
    const auto released = daemon().nsctl({"destroy", "box", "--timeout", "1"});
    EXPECT_EQ(released.status, 0);
    EXPECT_NE(released.err.find("sleep"), std::string::npos) << released.err;
    EXPECT_TRUE(isAlive(first));

    adoptAs(user, first);
    EXPECT_TRUE(shows(R"("ready")"));
    nsctl({"destroy", "box", "--force"});
    EXPECT_TRUE(eventually([&] { return !isAlive(first); }));
}

TEST_F(Adopt, IsDegradedWhenProcess1Dies) {
    const Unshared process({"--pid", "--fork", "--kill-child"});
    // By the parent's number: its children live in the new pid namespace, it does not.
    adoptAs(user, process.pid());
    ::kill(process.child(), SIGKILL);
    EXPECT_TRUE(eventually([&] { return shows(R"("degraded")"); }));
    nsctl({"destroy", "box"});
}

TEST_F(Adopt, ATimeNamespaceOfChildrenIsTheOneThatIsMeant) {
    const Unshared process({"--time", "--fork", "--kill-child", "--boottime", "1000000"});
    adoptAs(user, process.pid());
    EXPECT_TRUE(fs::exists(daemon().pin("box", "time")));
    const auto uptime = std::stod(nsctl({"exec", "box", "cut", "-d.", "-f1", "/proc/uptime"}));
    EXPECT_GT(uptime, 1'000'000);
    nsctl({"destroy", "box", "--timeout", "0"});
}

} // namespace
} // namespace nsd::test
