// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A shell in a pid namespace that nsctl joined itself: a job like any other for the shell outside.
#include "tests/kernel/entered_process.hpp"
#include "tests/support/require.hpp"
#include "tests/support/test_terminal.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace nsd::test {
namespace {

class ClientJob : public ::testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }

    // nsctl, started by a shell outside as the job in the foreground; what the shell sees is written to
    // the terminal.
    void startAsJob(const std::vector<std::string>& command, bool interactive) {
        terminal.start([&] {
            ::signal(SIGTTOU, SIG_IGN);
            const pid_t job = ::fork();
            if (job == 0) {
                ::setpgid(0, 0);
                ::tcsetpgrp(0, ::getpid());
                ::signal(SIGTTOU, SIG_DFL);
                ::setenv("PS1", "ready> ", 1);
                ::setenv("TERM", "dumb", 1);
                ::_exit(client::enterAndRun(
                    {"exec test", {home.open({NamespaceType::Pid}), {}}, {}, command, false, interactive}));
            }
            return behaveAsShell(job);
        });
    }

    TestTerminal terminal;
    const NamespaceHome home{{NamespaceType::Pid}};

  private:
    static int behaveAsShell(pid_t job) {
        for (int status = 0;;) {
            ::waitpid(job, &status, WUNTRACED);
            std::printf("terminal is %s\n", ::tcgetpgrp(0) == job ? "the job's" : "another's");
            std::fflush(stdout);
            ::tcsetpgrp(0, ::getpgrp());
            if (!WIFSTOPPED(status))
                return WEXITSTATUS(status);
            std::printf("stopped\n");
            std::fflush(stdout);
            char key = 0;
            static_cast<void>(::read(0, &key, 1)); // fg
            ::tcsetpgrp(0, job);
            ::kill(-job, SIGCONT);
        }
    }
};

using Words = std::vector<std::string>;
class ClientShell : public ClientJob, public ::testing::WithParamInterface<Words> {};

TEST_P(ClientShell, HasJobControlAndEndsWithoutAComplaint) {
    startAsJob(GetParam(), true);
    ASSERT_TRUE(terminal.shows("ready> ")) << terminal.output();
    terminal.type("sed -u s/^/got-/\nbegun\n");
    ASSERT_TRUE(terminal.shows("got-begun")) << terminal.output();
    terminal.type("\x1a");
    ASSERT_TRUE(terminal.shows("Stopped")) << terminal.output();
    ASSERT_TRUE(terminal.shows("ready> "));
    terminal.type("fg\nagain\n");
    ASSERT_TRUE(terminal.shows("got-again")) << terminal.output();
    terminal.type("\x03");
    ASSERT_TRUE(terminal.shows("ready> ")) << terminal.output();
    terminal.type("exit 5\n");
    EXPECT_TRUE(terminal.shows("terminal is the job's")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 5);
    for (const auto* complaint : {"annot set", "can't access", "no job control", "stopped"})
        EXPECT_EQ(terminal.output().find(complaint), std::string::npos) << terminal.output();
}
INSTANTIATE_TEST_SUITE_P(
    Shells, ClientShell, ::testing::Values(Words{"dash", "-i"}, Words{"bash", "--norc", "-i"}));

TEST_F(ClientJob, AShellThatStopsItselfStopsNsctlAndGoesOnWithIt) {
    startAsJob({"sh", "-c", "echo ready; kill -STOP $$; read line; echo got $line"}, true);
    ASSERT_TRUE(terminal.shows("terminal is the job's")) << terminal.output();
    ASSERT_TRUE(terminal.shows("stopped"));
    terminal.type("\n");
    terminal.type("more\n");
    EXPECT_TRUE(terminal.shows("got more")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(ClientJob, ACommandOnATerminalIsStoppedByKeysAndGoesOn) {
    startAsJob({"sh", "-c", "echo ready; read line; echo got $line"}, false);
    ASSERT_TRUE(terminal.shows("ready"));
    terminal.type("\x1a");
    ASSERT_TRUE(terminal.shows("stopped")) << terminal.output();
    terminal.type("\n");
    terminal.type("more\n");
    EXPECT_TRUE(terminal.shows("got more")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(ClientJob, KeysInterruptTheCommandAlone) {
    startAsJob(
        {"sh", "-c", "trap 'echo caught; exit 6' INT; echo ready; while :; do sleep 0.02; done"}, false);
    ASSERT_TRUE(terminal.shows("ready"));
    terminal.type("\x03");
    EXPECT_TRUE(terminal.shows("caught")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 6);
}

// A pager at the other end of a pipe is in nsctl's process group, and needs the terminal.
TEST_F(ClientJob, AGroupWithOthersInItKeepsTheTerminal) {
    terminal.start([&] {
        std::array<int, 2> pipe{};
        static_cast<void>(::pipe(pipe.data()));
        ::dup2(pipe[1], 1);
        return client::enterAndRun({"exec test", {home.open({NamespaceType::Pid}), {}}, {},
            {"sh", "-c", "echo ready >&2; sleep 0.2"}, false, false});
    });
    ASSERT_TRUE(terminal.shows("ready"));
    EXPECT_EQ(terminal.foreground(), terminal.pid());
    EXPECT_EQ(terminal.wait(), 0);
}

} // namespace
} // namespace nsd::test
