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

    // nsctl, started by a shell outside as the job in the foreground.
    void startAsJob(const std::vector<std::string>& command, bool interactive) {
        terminal.startAsJob([&] {
            ::setenv("PS1", "ready> ", 1);
            ::setenv("TERM", "dumb", 1);
            return client::enterAndRun(
                {"exec test", {home.open({NamespaceType::Pid}), {}}, {}, command, false, interactive});
        });
    }

    TestTerminal terminal;
    const NamespaceHome home{{NamespaceType::Pid}};
};

using Words = std::vector<std::string>;
class ClientShell : public ClientJob, public ::testing::WithParamInterface<Words> {};

TEST_P(ClientShell, HasJobControlAndEndsWithoutAComplaint) {
    startAsJob(GetParam(), true);
    ASSERT_TRUE(terminal.shows("ready> ")) << terminal.output();
    ASSERT_TRUE(terminal.controlsJobs("ready> "));
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
    ASSERT_TRUE(terminal.shows("stopped, lines"));
    terminal.type("\n");
    terminal.type("more\n");
    EXPECT_TRUE(terminal.shows("got more")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(ClientJob, ACommandOnATerminalIsStoppedByKeysAndGoesOn) {
    startAsJob({"sh", "-c", "echo ready; read line; echo got $line"}, false);
    ASSERT_TRUE(terminal.shows("ready"));
    terminal.type("\x1a");
    ASSERT_TRUE(terminal.shows("stopped, lines")) << terminal.output();
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
            {"sh", "-c", "echo ready >&2; read line"}, false, false});
    });
    ASSERT_TRUE(terminal.shows("ready"));
    EXPECT_EQ(terminal.foreground(), terminal.pid());
    terminal.type("\n");
    EXPECT_EQ(terminal.wait(), 0);
}

} // namespace
} // namespace nsd::test
