// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl while nsd runs a command for it: terminals, signals, jobs. The command is started here as nsd's
// supervisor would.
#include "tests/support/temp_dir.hpp"
#include "tests/unit/client_session_fixture.hpp"

#include <cstdlib>
#include <fcntl.h>

namespace nsd::test {
namespace {

constexpr auto untilKilled = "; while :; do sleep 0.02; done";

TEST_F(Session, TheCommandHasATerminalOfItsOwn) {
    startScript("test -t 0 && test -t 1 && test -t 2 && exec 3</dev/tty && echo yes");
    EXPECT_TRUE(terminal.shows("yes\r\n")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
    expectTheModesOfBefore();
}

TEST_F(Session, TheSizeIsTheUsersAlsoWhenItChanges) {
    terminal.resize(33, 77);
    startScript("stty size; until [ \"$(stty size)\" = '50 132' ]; do sleep 0.02; done; echo followed");
    ASSERT_TRUE(terminal.shows("33 77")) << terminal.output();
    terminal.resize(50, 132);
    EXPECT_TRUE(terminal.shows("followed")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Session, SettingsOfTheTerminalAreTheUsers) {
    auto own = before;
    own.c_cc[VERASE] = '\x05';
    startScript("true");
    EXPECT_EQ(terminal.wait(), 0);
    TestTerminal other;
    other.start([&] {
        ::tcsetattr(0, TCSANOW, &own);
        return runCommand({"stty", "-a"});
    });
    EXPECT_TRUE(other.shows("erase = ^E")) << other.output();
    EXPECT_EQ(other.wait(), 0);
}

TEST_F(Session, KeysAreNotEchoedTwiceAndReachTheCommandAsTyped) {
    startScript("stty raw -echo; echo ready; dd bs=1 count=3 2>/dev/null | od -An -tx1");
    ASSERT_TRUE(terminal.shows("ready")) << terminal.output();
    EXPECT_TRUE(terminal.isRaw());
    terminal.type("\x03\x1a\x11");
    EXPECT_TRUE(terminal.shows("03 1a 11")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Session, ControlCInterruptsTheCommand) {
    startScript(std::string("trap 'echo caught; exit 3' INT; echo ready") + untilKilled);
    ASSERT_TRUE(terminal.shows("ready"));
    terminal.type("\x03");
    EXPECT_TRUE(terminal.shows("caught")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 3);
    expectTheModesOfBefore();
}

TEST_F(Session, ControlDIsTheEndOfTheInput) {
    start({"cat"});
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    terminal.type("hello\n\x04");
    EXPECT_TRUE(terminal.shows("hello\r\nhello\r\n")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Session, AShellInsideHasJobControl) {
    terminal.start([&] {
        ::setenv("TERM", "dumb", 1);
        return runCommand({"bash", "--norc", "--noprofile", "-i"}, true);
    });
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    terminal.type("PS1='ready> '\n");
    ASSERT_TRUE(terminal.shows("\nready> ")) << terminal.output();
    ASSERT_TRUE(terminal.controlsJobs("ready> "));
    terminal.type("exit 7\n");
    EXPECT_EQ(terminal.wait(), 7);
    EXPECT_EQ(terminal.output().find("no job control"), std::string::npos) << terminal.output();
    expectTheModesOfBefore();
}

TEST_F(Session, WhatIsNoTerminalIsNoneInside) {
    const TempDir directory;
    const auto file = directory / "out";
    terminal.start([&] {
        const int out = ::open(file.c_str(), O_WRONLY | O_CREAT, 0600);
        ::dup2(out, 1);
        return runCommand({"sh", "-c", "test -t 0 && test ! -t 1 && test -t 2 && echo out; echo err >&2"});
    });
    EXPECT_TRUE(terminal.shows("err\r\n")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_EQ(readFile(file), "out\n");
}

TEST_F(Session, BeforeAPagerTheUsersTerminalStaysAsItIs) {
    terminal.start([&] {
        std::array<int, 2> pipe{};
        static_cast<void>(::pipe(pipe.data()));
        ::dup2(pipe[1], 1);
        return runCommand({"sh", "-c", "echo ready >&2; read line; echo got $line >&2"});
    });
    ASSERT_TRUE(terminal.shows("ready")) << terminal.output();
    EXPECT_FALSE(terminal.isRaw());
    terminal.type("this\n");
    EXPECT_TRUE(terminal.shows("got this")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Session, SignalsToNsctlReachTheCommand) {
    startScript(std::string("trap 'echo terminated; exit 9' TERM; echo ready") + untilKilled);
    ASSERT_TRUE(terminal.shows("ready"));
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    ::kill(terminal.pid(), SIGTERM);
    EXPECT_TRUE(terminal.shows("terminated")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 9);
    expectTheModesOfBefore();
}

TEST_F(Session, ASignalThatNsctlWasToldToIgnoreIsNotPassedOn) {
    terminal.start([&] {
        ::signal(SIGUSR1, SIG_IGN);
        return runCommand({"sh", "-c", "trap 'echo wrong' USR1; echo ready; read x; echo $x"});
    });
    ASSERT_TRUE(terminal.shows("ready"));
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    ::kill(terminal.pid(), SIGUSR1);
    terminal.type("end\n");
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_EQ(terminal.output().find("wrong"), std::string::npos) << terminal.output();
}

TEST_F(Session, ATerminalsInterruptReachesTheWholeGroupOfACommandWithoutOne) {
    terminal.start([&] {
        const int nothing = ::open("/dev/null", O_RDONLY);
        ::dup2(nothing, 0);
        return runCommand({"sh", "-c",
            "sh -c 'trap \"echo child; exit\" INT; echo ready; while :; do sleep "
            "0.02; done'; echo parent-goes-on"});
    });
    ASSERT_TRUE(terminal.shows("ready"));
    EXPECT_FALSE(terminal.isRaw());
    terminal.type("\x03");
    EXPECT_TRUE(terminal.shows("child")) << terminal.output();
    EXPECT_NE(terminal.wait(), 125);
}

// The kernel drops SIGTSTP for a group that nobody could continue, as this one is.
TEST_F(Session, AStopThatNobodyCouldContinueIsNone) {
    startScript("trap 'exit 4' TERM; trap 'echo resized' WINCH; echo ready; while :; do read line; echo got "
                "$line; done");
    ASSERT_TRUE(terminal.shows("ready"));
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    ::kill(terminal.pid(), SIGTSTP);
    terminal.resize(50, 132); // SIGWINCH has the higher number, so nsctl reads it second
    ASSERT_TRUE(terminal.shows("resized")) << terminal.output();
    EXPECT_TRUE(terminal.isRaw());
    terminal.type("again\n");
    EXPECT_TRUE(terminal.shows("got again")) << terminal.output();
    ::kill(terminal.pid(), SIGTERM);
    EXPECT_EQ(terminal.wait(), 4);
    expectTheModesOfBefore();
}

// Nobody can give the terminal back at a SIGSTOP: a shell takes it, and nsctl takes it again.
TEST_F(Session, AfterAStopThatCannotBeCaughtItTakesTheTerminalAgain) {
    startScript("trap 'exit 4' TERM; echo ready; while :; do read line; echo got $line; done");
    ASSERT_TRUE(terminal.shows("ready"));
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    ::kill(terminal.pid(), SIGSTOP);
    ASSERT_TRUE(terminal.waitUntilStopped());
    terminal.setModes(before);
    ASSERT_TRUE(terminal.waitUntilRaw(false));
    ::kill(terminal.pid(), SIGCONT);
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    terminal.type("again\n");
    EXPECT_TRUE(terminal.shows("got again")) << terminal.output();
    ::kill(terminal.pid(), SIGTERM);
    EXPECT_EQ(terminal.wait(), 4);
    expectTheModesOfBefore();
}

constexpr auto readsALine = "echo ready; read line; echo got $line";

TEST_F(Session, AStopGivesTheTerminalBackAndContinuingTakesIt) {
    terminal.startAsJob([&] { return runCommand({"sh", "-c", readsALine}); });
    ASSERT_TRUE(terminal.shows("ready"));
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    ::kill(terminal.foreground(), SIGTSTP);
    ASSERT_TRUE(terminal.shows("stopped, lines")) << terminal.output();
    ASSERT_FALSE(terminal.isRaw());
    terminal.type("\n");
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    terminal.type("more\n");
    EXPECT_TRUE(terminal.shows("got more")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
    expectTheModesOfBefore();
}

TEST_F(Session, AJobInTheBackgroundLeavesTheTerminalAloneUntilItIsInTheForeground) {
    terminal.startAsJob(
        [&] {
            return runCommand({"sh", "-c", readsALine});
        },
        TestTerminal::Place::Background);
    ASSERT_TRUE(terminal.shows("ready"));
    EXPECT_FALSE(terminal.isRaw());
    terminal.type("\n");
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    terminal.type("more\n");
    EXPECT_TRUE(terminal.shows("got more")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Session, ThreeEscapesLeaveACommandThatDoesNotListen) {
    startScript(std::string("trap '' INT QUIT TSTP; echo ready") + untilKilled);
    ASSERT_TRUE(terminal.shows("ready"));
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    terminal.type("\x1d\x1d");
    terminal.type("x\x1d\x1d\x1d");
    EXPECT_EQ(terminal.wait(), 128 + SIGHUP);
    expectTheModesOfBefore();
}

TEST_F(Session, WhenTheUsersTerminalGoesTheOneInsideHangsUp) {
    const TempDir directory;
    const auto file = (directory / "hung-up").string();
    startScript("trap 'echo yes >" + file + "; exit' HUP; echo ready" + untilKilled);
    ASSERT_TRUE(terminal.shows("ready"));
    ASSERT_TRUE(terminal.waitUntilRaw(true));
    terminal.hangUp();
    terminal.wait();
    EXPECT_EQ(readFile(file), "yes\n");
}

TEST_F(Session, ACommandThatClosesItsTerminalIsWaitedForWithTheUsersAsItWas) {
    startScript("trap 'exit 6' TERM; echo ready; exec </dev/null >/dev/null 2>&1" + std::string(untilKilled));
    ASSERT_TRUE(terminal.shows("ready"));
    ASSERT_TRUE(terminal.waitUntilRaw(false));
    ::kill(terminal.pid(), SIGTERM);
    EXPECT_EQ(terminal.wait(), 6);
}

} // namespace
} // namespace nsd::test
