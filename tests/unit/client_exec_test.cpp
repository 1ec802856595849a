// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl exec and shell: who joins by himself, for whom nsd starts the command, and what is told.
#include "client/exec/exec_request.hpp"
#include "tests/unit/client_fixture.hpp"

#include <filesystem>

namespace nsd::test {
namespace {

using Words = std::vector<std::string>;
constexpr uid_t caller = 1000;

class Exec : public ClientTest {
  protected:
    Exec() {
        joiner = {caller, [this](const client::NamespaceFds&) { return kernelLets; }};
        add("web", 0, {"net"});
        add("box", caller, {"mnt", "net", "user"});
        add("group", caller, {"cgroup", "user"});
        add("hosts", caller, {"net", "uts"});
    }
    void add(const std::string& name, uid_t owner, const Words& types) {
        client::NamespaceDetails details;
        details.name = name;
        details.owner = owner;
        details.types = types;
        daemon.namespaces[name] = details;
    }
    [[nodiscard]] bool joined() const { return !entered.command.empty(); }
    [[nodiscard]] bool throughDaemon() const { return !executed.command.empty(); }

    bool kernelLets = true;
};

TEST_F(Exec, RootJoinsWithoutAnotherQuestion) {
    joiner.uid = 0;
    EXPECT_EQ(run({"exec", "web", "true"}), 0);
    EXPECT_TRUE(joined());
    EXPECT_EQ(daemon.calls, Words{"enter web"});
}

TEST_F(Exec, TheOwnerOfARootlessNamespaceJoins) {
    EXPECT_EQ(run({"exec", "box", "true"}), 0);
    EXPECT_TRUE(joined());
    EXPECT_EQ(daemon.calls, (Words{"show box", "enter box"}));
}

TEST_F(Exec, EverybodyElseAsksNsdAndForNoDescriptors) {
    for (const auto* name : {"web", "hosts", "group"}) {
        executed = {};
        daemon.calls.clear();
        EXPECT_EQ(run({"exec", name, "-t", "all", "ip", "link"}), 0);
        EXPECT_TRUE(throughDaemon()) << name;
        EXPECT_EQ(executed.command, (Words{"ip", "link"}));
        EXPECT_EQ(executed.name, name);
        EXPECT_EQ(executed.types, namespaceTypesFromWords(daemon.namespaces.at(name).types));
        EXPECT_EQ(daemon.calls, Words{std::string("show ") + name});
    }
    EXPECT_FALSE(joined());
}

TEST_F(Exec, TypesOfARootlessNamespaceWithoutItsUsersAreNsdsToJoin) {
    EXPECT_EQ(run({"exec", "box", "-t", "net", "true"}), 0);
    EXPECT_TRUE(throughDaemon());
    EXPECT_EQ(executed.types, NamespaceTypes{NamespaceType::Net});
    EXPECT_EQ(run({"exec", "group", "-t", "user", "true"}), 0);
    EXPECT_TRUE(joined());
}

TEST_F(Exec, WhereTheKernelDoesNotLetTheOwnerNsdDoes) {
    kernelLets = false;
    EXPECT_EQ(run({"exec", "box", "true"}), 0);
    EXPECT_TRUE(throughDaemon());
    EXPECT_FALSE(joined());
}

TEST_F(Exec, WhatIsWrongWithEitherWayIsToldOnce) {
    daemon.enterProblem = Error(Errc::Degraded, "its process 1 is dead");
    EXPECT_EQ(run({"exec", "box", "true"}), 125);
    EXPECT_EQ(console.err, "nsctl: exec box: its process 1 is dead\n");
    EXPECT_EQ(run({"exec", "missing", "true"}), 125);
    EXPECT_EQ(console.err, "nsctl: exec missing: there is no namespace \"missing\"\n");
    executeProblem = std::make_exception_ptr(Error(Errc::AccessDenied, "ask its owner for enter"));
    EXPECT_EQ(run({"shell", "web"}), 125);
    EXPECT_EQ(console.err, "nsctl: shell web: ask its owner for enter\n");
    EXPECT_FALSE(joined());
}

TEST_F(Exec, TheCommandsStatusIsNsctls) {
    executeStatus = 42;
    EXPECT_EQ(run({"exec", "web", "false"}), 42);
}

TEST_F(Exec, CommandsThatCannotRunAre126And127) {
    for (const int status : {126, 127}) {
        executeProblem = std::make_exception_ptr(
            client::NotExecuted(Error(Errc::KernelError, "execute \"x\": what errno says"), status));
        EXPECT_EQ(run({"exec", "web", "x"}), status);
        EXPECT_EQ(console.err, "nsctl: exec web: execute \"x\": what errno says\n");
    }
}

TEST_F(Exec, AnotherUserIsForWhoCanBeHim) {
    for (const std::string name : {"web", "group"}) { // group is the caller's own, with a cgroup
        EXPECT_EQ(run({"exec", name, "--user", "0", "true"}), 125);
        EXPECT_EQ(console.err,
            "nsctl: exec " + name +
                ": nsd starts this command, and as you: --user is for root, and for the owner of a rootless "
                "namespace who joins its user and not its cgroup (choose with -t)\n");
    }
    EXPECT_FALSE(throughDaemon());
    EXPECT_EQ(run({"exec", "web", "--user", std::to_string(caller), "true"}), 0);
    EXPECT_TRUE(throughDaemon());
    EXPECT_EQ(run({"exec", "box", "--user", "0", "true"}), 0);
    ASSERT_TRUE(joined());
    EXPECT_EQ(entered.user->uid, 0U);
}

TEST_F(Exec, AShellIsInteractiveEitherWay) {
    EXPECT_EQ(run({"shell", "box"}), 0);
    EXPECT_TRUE(entered.interactive);
    EXPECT_EQ(run({"shell", "web"}), 0);
    EXPECT_TRUE(executed.interactive);
    EXPECT_EQ(run({"exec", "web", "true"}), 0);
    EXPECT_FALSE(executed.interactive);
}

// What runThroughDaemon asks of a daemon that refuses to start anything.
class RefusingClient : public FakeClient {
  public:
    using FakeClient::FakeClient;
    client::StartedCommand exec(
        const std::string&, const Words&, const client::ExecOptions& options) override {
        asked.push_back(options.directory);
        throw problem;
    }
    Words asked;
    Error problem{Errc::AccessDenied, "no"};
};

class Start : public Exec {
  protected:
    RefusingClient client{daemon};
    void start(const std::string& name, const std::string& program) {
        static_cast<void>(client::runThroughDaemon(
            client, {name, namespaceTypesFromWords(daemon.namespaces.at(name).types), {program}, false}));
    }
};

TEST_F(Start, ACommandThatCannotBeExecutedIsKnownByTheStep) {
    const auto statusOf = [&](const char* text) {
        client.problem = Error(Errc::KernelError, text);
        try {
            start("web", "foo");
        } catch (const client::NotExecuted& error) {
            return error.status();
        } catch (const Error&) {
        }
        return 125;
    };
    EXPECT_EQ(statusOf("execute \"foo\": No such file or directory"), 127);
    EXPECT_EQ(statusOf("execute \"foo\": Permission denied"), 126);
    EXPECT_EQ(statusOf("execute \"bar\": No such file or directory"), 125);
    EXPECT_EQ(statusOf("join its net: No such file or directory"), 125);
}

TEST_F(Start, ADirectoryThatIsNotInsideIsGivenUpOnlyAmongOtherMounts) {
    client.problem = Error(Errc::KernelError, "change the directory to \"/here\": No such file or directory");
    EXPECT_THROW(start("web", "true"), Error);
    EXPECT_EQ(client.asked.size(), 1U);
    EXPECT_EQ(client.asked.front(), std::filesystem::current_path());
    client.asked.clear();
    EXPECT_THROW(start("box", "true"), Error);
    ASSERT_EQ(client.asked.size(), 2U);
    EXPECT_EQ(client.asked.back(), "/");
    EXPECT_TRUE(daemon.calls.empty());
}

TEST(Sendable, TheLimitsAreNamed) {
    const auto problemOf = [](const Words& argv, const Words& environment) -> std::string {
        try {
            client::checkSendable(argv, environment);
        } catch (const Error& error) {
            return error.text();
        }
        return "";
    };
    EXPECT_EQ(problemOf({"true"}, Words(1023, "A=1")), "");
    EXPECT_NE(problemOf({"true"}, Words(1024, "A=1")).find("1025 entries together, and nsd takes 1024"),
        std::string::npos);
    constexpr std::size_t most = 128UL * 1024;
    EXPECT_EQ(problemOf({}, {std::string(most - 1, 'a')}), "");
    EXPECT_NE(
        problemOf({"x"}, {std::string(most - 2, 'a')}).find("131073 bytes together, and nsd takes 131072"),
        std::string::npos);
    EXPECT_EQ(problemOf({"true"}, {"GOOD=1", "BAD=\xff"}),
        "the environment variable \"BAD\" is not UTF-8, which D-Bus cannot carry: unset it");
    EXPECT_EQ(problemOf({"\xff"}, {}), "the argument \"\\xff\" is not UTF-8, which D-Bus cannot carry");
}

} // namespace
} // namespace nsd::test
