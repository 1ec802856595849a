// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Leases over the life and death of nsd, as `nsctl hold` takes them.
#include "tests/support/lease_state.hpp"
#include "tests/support/ordinary_users.hpp"

#include "tests/system/manager_calls.hpp"

#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class Leases : public SystemTest {
  protected:
    // `nsctl hold NAME COMMAND…` in the background, once it holds.
    std::unique_ptr<BackgroundProcess> holdWith(const std::string& name, const Arguments& command) {
        const auto before = leasesOf(name);
        Arguments line{TestDaemon::binary("nsctl").string(), "hold", name, "--"};
        line.insert(line.end(), command.begin(), command.end());
        CommandOptions options;
        options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
        auto process = std::make_unique<BackgroundProcess>(line, options, output().string());
        // The FIFO is there before nsctl has the answer; the command is not.
        EXPECT_TRUE(eventually([&] { return leasesOf(name) == before + 1 && hasChild(process->pid()); }))
            << said();
        return process;
    }
    [[nodiscard]] static bool hasChild(pid_t pid) {
        const auto number = std::to_string(pid);
        pid_t child = 0;
        return static_cast<bool>(std::ifstream("/proc/" + number + "/task/" + number + "/children") >> child);
    }
    [[nodiscard]] fs::path output() { return fs::path(daemon().directory().path()) / "hold.out"; }
    [[nodiscard]] std::string said() {
        std::ostringstream text;
        text << std::ifstream(output()).rdbuf();
        return text.str();
    }
    [[nodiscard]] std::size_t leasesOf(const std::string& name) {
        const auto directory = daemon().runtimeDirectory() / "ns" / name / "leases";
        std::error_code none;
        std::size_t fifos = 0;
        for (const auto& entry : fs::directory_iterator(directory, none))
            fifos += entry.is_fifo(none) ? 1 : 0;
        return fifos;
    }
    [[nodiscard]] bool isThere(const std::string& name) { return daemon().nsctl({"show", name}).ok(); }
};

TEST_F(Leases, KeepALeasedNamespaceOverEveryEndOfTheDaemon) {
    nsctl({"create", "web", "--lease"});
    mustDie("web");
    auto first = holdOverBus(daemon().busAddress(), "web");
    const auto second = holdWith("web", {"sleep", "1000"});
    daemon().kill9();
    daemon().restart();
    EXPECT_TRUE(isThere("web"));
    EXPECT_EQ(leasesOf("web"), 2U);
    first.reset();
    EXPECT_TRUE(eventually([&] { return leasesOf("web") == 1; }));
    EXPECT_TRUE(isThere("web"));
    EXPECT_EQ(daemon().terminate(), 0);
    daemon().restart();
    EXPECT_TRUE(isThere("web"));
    second->signal(SIGTERM);
    EXPECT_EQ(second->wait(10s), 128 + SIGTERM); // it was passed on
    EXPECT_TRUE(eventually([&] { return !isThere("web"); }));
    EXPECT_EQ(said(), "");
}

TEST_F(Leases, ThatEndWhileNobodyLooksTakeTheNamespaceAtTheNextStart) {
    nsctl({"create", "web", "--lease"});
    mustDie("web");
    auto lease = holdOverBus(daemon().busAddress(), "web");
    daemon().kill9();
    lease.reset();
    daemon().restart();
    EXPECT_TRUE(eventually([&] { return !isThere("web"); }));
}

TEST_F(Leases, FollowARenameAndEndWithTheNamespace) {
    nsctl({"create", "web"});
    const auto lease = holdOverBus(daemon().busAddress(), "web");
    nsctl({"rename", "web", "www"});
    EXPECT_FALSE(hasError(lease));
    EXPECT_NE(nsctl({"why", "www"}).find("lease 1 of uid 0"), std::string::npos);
    destroy("www");
    EXPECT_TRUE(hasError(lease));
    struct stat status {};
    ASSERT_EQ(::fstat(lease.get(), &status), 0);
    EXPECT_EQ(status.st_nlink, 0U);
}

TEST_F(Leases, ThatAreRevokedAreToldOnceAndTheCommandGoesOn) {
    nsctl({"create", "web"});
    const auto fifo = daemon().directory() / "go";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    const auto holder = holdWith("web", {"sh", "-c", "read line < \"$0\"; exit 7", fifo});
    daemon().kill9();
    daemon().restart();
    nsctl({"destroy", "web"});
    EXPECT_TRUE(eventually([&] { return !said().empty(); }));
    EXPECT_FALSE(holder->wait(0ms));
    std::ofstream(fifo) << "go\n";
    EXPECT_EQ(holder->wait(10s), 7);
    EXPECT_EQ(said(), "nsctl: hold web: the lease was revoked; the command goes on\n");
}

TEST_F(Leases, OfNsctlHoldAreNotItsCommands) {
    nsctl({"create", "web"});
    const auto fds = nsctl({"hold", "web", "--", "sh", "-c", "readlink /proc/self/fd/*; true"});
    EXPECT_EQ(fds.find("leases"), std::string::npos) << fds;
    EXPECT_TRUE(eventually([&] { return leasesOf("web") == 0; }));
    destroy("web");
}

TEST_F(Leases, NsctlHoldEndsAsItsCommand) {
    nsctl({"create", "web"});
    EXPECT_EQ(daemon().nsctl({"hold", "web", "true"}).status, 0);
    EXPECT_EQ(daemon().nsctl({"hold", "web", "--", "sh", "-c", "exit 3"}).status, 3);
    EXPECT_EQ(daemon().nsctl({"hold", "web", "--", "sh", "-c", "kill -KILL $$"}).status, 128 + SIGKILL);
    EXPECT_EQ(daemon().nsctl({"hold", "web", "/no/such/program"}).status, 127);
    EXPECT_EQ(daemon().nsctl({"hold", "web", "/etc/passwd"}).status, 126);
    EXPECT_EQ(daemon().nsctl({"hold", "missing", "true"}).status, 125);
    EXPECT_EQ(daemon().nsctl({"hold", "web"}).status, 2);
    destroy("web");
}

// With one lease for each user.
class FewLeases : public UserTest {
  protected:
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.settings = R"({"quotas": {"leases": 1}})";
        return options;
    }
    // Of the user: a lease, and another one meanwhile.
    [[nodiscard]] CommandResult holdTwice() {
        const auto nsctl = TestDaemon::binary("nsctl").string();
        return as(user, {"hold", "web", "--", nsctl, "hold", "web", "true"});
    }
};

TEST_F(FewLeases, AreASettingAtTheStartAndAtAReload) {
    nsctl({"create", "web"});
    nsctl({"grant", "web", "user:33", "hold"});
    const auto refused = holdTwice();
    EXPECT_EQ(refused.status, 125);
    EXPECT_EQ(refused.err,
        "nsctl: hold web: uid 33 has no leases left: 1 of 1 are in use (quotas/leases in nsd.json)\n");
    writeFile(daemon().directory() / "etc/nsd.json", R"({"quotas": {"leases": 2}})");
    ASSERT_EQ(::kill(daemon().pid(), SIGHUP), 0);
    EXPECT_TRUE(eventually([&] { return holdTwice().status == 0; }));
    destroy("web");
}

TEST_F(Leases, WithoutDescriptorsAreLimitExceededAndLeaveNothing) {
    nsctl({"create", "web"});
    rlimit before{};
    ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, nullptr, &before), 0);
    std::size_t refused = 0;
    for (rlim_t limit = 3;; ++limit) {
        ASSERT_LT(limit, before.rlim_cur);
        const rlimit low{limit, before.rlim_max};
        ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, &low, nullptr), 0);
        const auto error = errorOfHold(daemon().busAddress(), "web");
        ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, &before, nullptr), 0);
        if (error.name.empty())
            break;
        EXPECT_EQ(error.name, "org.nsd1.Error.LimitExceeded") << error.text;
        // One whose descriptor could not be sent ends when nsd has seen that nobody holds it.
        EXPECT_TRUE(eventually([&] { return leasesOf("web") == 0; }));
        ++refused;
    }
    EXPECT_GT(refused, 2U);
    EXPECT_TRUE(eventually([&] { return leasesOf("web") == 0; }));
    destroy("web");
}

} // namespace
} // namespace nsd::test
