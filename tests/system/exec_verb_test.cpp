// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl exec and shell as an ordinary user, who joins by himself where the namespace is his, and whose
// command nsd starts where he may only enter.
#include "tests/support/ordinary_users.hpp"
#include "tests/support/test_bus.hpp"
#include "tests/support/test_terminal.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::test {
namespace {

bool isBlocked(pid_t pid, int signal) {
    const auto status = readFile("/proc/" + std::to_string(pid) + "/status");
    const std::string key = "SigBlk:\t";
    const auto at = status.find(key);
    return at != std::string::npos &&
           (std::stoull(status.substr(at + key.size(), 16), nullptr, 16) >> (signal - 1) & 1) != 0;
}

class ExecVerb : public UserTest {
  protected:
    void SetUp() override {
        UserTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        nsctl({"create", "web", "-t", "net,uts", "--hostname", "inside", "--owner", std::to_string(user)});
    }
    void TearDown() override {
        if (!IsSkipped() && !HasFatalFailure())
            destroy("web");
        SystemTest::TearDown();
    }
    static CommandOptions ofUser() {
        CommandOptions options;
        options.user = user;
        options.workingDirectory = "/usr/lib";
        options.environment["PATH"] = "/usr/bin:/bin"; // root's may be closed to him
        return options;
    }
    [[nodiscard]] CommandResult exec(const Arguments& command, uid_t uid = user) {
        Arguments line{"exec", "web"};
        line.insert(line.end(), command.begin(), command.end());
        return as(uid, line, ofUser());
    }
    [[nodiscard]] Arguments nsctlLine(const Arguments& arguments) const {
        Arguments line{TestDaemon::binary("nsctl")};
        line.insert(line.end(), arguments.begin(), arguments.end());
        return line;
    }
    [[nodiscard]] CommandOptions onBus(CommandOptions options) {
        options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
        options.environment["SHELL"] = "/bin/sh";
        options.environment["PS1"] = "ready> ";
        return options;
    }
    [[nodiscard]] static bool isRunning(pid_t pid) { return ::kill(pid, 0) == 0; }
};

TEST_F(ExecVerb, TheCommandIsInsideAndTheCallers) {
    auto options = ofUser();
    options.environment["MARK"] = "from outside";
    options.input = "of stdin\n";
    const auto result = as(user,
        {"exec", "web", "sh", "-c",
            "id -u; id -g; hostname; pwd; echo $MARK; cat; echo err >&2; "
            "grep NoNewPrivs /proc/self/status; echo /proc/self/fd/*"},
        options);
    EXPECT_EQ(result.out, "33\n33\ninside\n/usr/lib\nfrom outside\nof stdin\nNoNewPrivs:\t1\n/proc/self/fd/0 "
                          "/proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3\n");
    EXPECT_EQ(result.err, "err\n");
    EXPECT_EQ(result.status, 0);
}

TEST_F(ExecVerb, StatusesAreThoseOfAShell) {
    EXPECT_EQ(exec({"sh", "-c", "exit 42"}).status, 42);
    EXPECT_EQ(exec({"sh", "-c", "kill -TERM $$"}).status, 128 + SIGTERM);
    const auto missing = exec({"no-such-command"});
    EXPECT_EQ(missing.status, 127);
    EXPECT_EQ(missing.err, "nsctl: exec web: execute \"no-such-command\": No such file or directory\n");
    EXPECT_EQ(exec({"/etc/passwd"}).status, 126);
}

TEST_F(ExecVerb, WhoMayNotEnterIsToldInOneLine) {
    const auto refused = exec({"true"}, another);
    EXPECT_EQ(refused.status, 125);
    EXPECT_EQ(refused.err.rfind("nsctl: exec web: ", 0), 0U) << refused.err;
    EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1) << refused.err;
}

TEST_F(ExecVerb, TheOwnerOfARootlessNamespaceJoinsAndKeepsHisDescriptors) {
    mustAs(user, {"create", "--rootless", "box", "-t", "user,net,mnt,pid", "--map-root"}, ofUser());
    auto options = ofUser();
    options.descriptors = {{9, STDIN_FILENO}};
    const auto result = as(user,
        {"exec", "box", "sh", "-c", "id -u; echo $(($$ < 10)); test -e /proc/self/fd/9 && echo kept"},
        options);
    EXPECT_EQ(result.out, "0\n1\nkept\n") << result.err;
    EXPECT_EQ(result.status, 0);
    destroy("box");
}

TEST_F(ExecVerb, AShellOnATerminal) {
    TestTerminal terminal;
    const auto before = terminal.modes();
    terminal.resize(44, 111);
    terminal.start(nsctlLine({"shell", "web"}), onBus(ofUser()));
    ASSERT_TRUE(terminal.waitUntilRaw(true)) << terminal.output();
    terminal.type("hostname; id -u; stty size\n");
    ASSERT_TRUE(terminal.shows("\r\ninside\r\n33\r\n44 111\r\n")) << terminal.output();
    terminal.resize(50, 132);
    terminal.type("until [ \"$(stty size)\" = '50 132' ]; do sleep 0.02; done; echo follow''ed\n");
    ASSERT_TRUE(terminal.shows("followed")) << terminal.output();
    ASSERT_TRUE(terminal.controlsJobs("ready> "));
    terminal.type("(exit 7)\n");
    terminal.type("\x04");
    EXPECT_EQ(terminal.wait(), 7) << terminal.output();
    EXPECT_EQ(terminal.modes().c_lflag, before.c_lflag);
    EXPECT_EQ(terminal.output().find("job control"), std::string::npos) << terminal.output();
}

TEST_F(ExecVerb, SignalsReachTheCommandAndItEndsWithNsctl) {
    const TempDir directory;
    ::chmod(directory.path().c_str(), 0777);
    const auto file = (directory / "pid").string();
    const auto command = "trap 'echo terminated; exit 9' TERM; echo $$ > " + file + ".new; mv " + file +
                         ".new " + file + "; while :; do sleep 0.02; done";
    const auto start = [&] {
        std::filesystem::remove(file);
        auto nsctl = std::make_unique<BackgroundProcess>(
            nsctlLine({"exec", "web", "sh", "-c", command}), onBus(ofUser()), directory / "output");
        EXPECT_TRUE(eventually([&] { return std::filesystem::exists(file); }));
        // The command runs before nsctl hears of it; until then a signal is nsctl's own.
        EXPECT_TRUE(eventually([&] { return isBlocked(nsctl->pid(), SIGTERM); }));
        return nsctl;
    };
    const auto told = start();
    told->signal(SIGTERM);
    EXPECT_EQ(told->wait(std::chrono::seconds(10)), 9);
    const auto killed = start();
    const auto pid = static_cast<pid_t>(std::stoi(readFile(file)));
    EXPECT_TRUE(isRunning(pid));
    killed->kill();
    EXPECT_TRUE(eventually([&] { return !isRunning(pid); }));
}

TEST_F(ExecVerb, AGrantLetsAnotherIn) {
    nsctl({"grant", "web", "user:" + std::to_string(another), "enter"});
    const auto granted = exec({"sh", "-c", "id -u; hostname"}, another);
    EXPECT_EQ(granted.out, "34\ninside\n") << granted.err;
    nsctl({"revoke", "web", "user:" + std::to_string(another), "enter"});
    EXPECT_EQ(exec({"true"}, another).status, 125);
}

TEST_F(ExecVerb, AnotherUserIsNobodysChoiceButRootsAndTheOwners) {
    const auto refused = exec({"--user", "0", "true"});
    EXPECT_EQ(refused.status, 125);
    EXPECT_NE(refused.err.find("nsd starts this command, and as you"), std::string::npos) << refused.err;
}

// On a system bus, as the private one ends with nsd, and with it the connection that a command is tied to.
class ExecVerbOnSystemBus : public ExecVerb {
  protected:
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.systemBus = bus_.address();
        return options;
    }

  private:
    TestBus bus_;
};

TEST_F(ExecVerbOnSystemBus, ARestartOfNsdIsNotSeenByTheCommandNorInItsStatus) {
    TestTerminal terminal;
    terminal.start(
        nsctlLine({"exec", "web", "sh", "-c", "echo ready; read line; exit $line"}), onBus(ofUser()));
    ASSERT_TRUE(terminal.shows("ready")) << terminal.output();
    daemon().kill9();
    terminal.type("23\n");
    daemon().start();
    EXPECT_EQ(terminal.wait(), 23) << terminal.output();
}

} // namespace
} // namespace nsd::test
