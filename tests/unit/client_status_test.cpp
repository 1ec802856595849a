// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How a command of nsd's ends, as its user sees it: the end of the output, and the exit status.
#include "tests/support/temp_dir.hpp"
#include "tests/unit/client_session_fixture.hpp"

#include <filesystem>

namespace nsd::test {
namespace {

using namespace std::chrono_literals;

class CommandStatus : public Session {};

TEST_F(CommandStatus, WhatWasWrittenAtTheVeryEndComesOut) {
    const TempDir directory;
    const auto go = (directory / "go").string();
    const auto done = (directory / "done").string();
    startScript("echo ready; until test -e " + go +
                "; do sleep 0.02; done; yes | head -c 5000; printf the-very-end; touch " + done);
    ASSERT_TRUE(terminal.shows("ready"));
    ::kill(terminal.pid(), SIGSTOP); // nsctl reads nothing of it before it has ended
    ASSERT_TRUE(terminal.waitUntilStopped());
    writeFile(go, "");
    ASSERT_TRUE(eventually([&] { return std::filesystem::exists(done); }));
    ::kill(terminal.pid(), SIGCONT);
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_NE(terminal.output().find("y\r\nthe-very-end"), std::string::npos);
}

TEST_F(CommandStatus, TheStatusIsAskedForBeforeASlowReaderHasAllOfTheOutput) {
    terminal.start([&] {
        ::tcflow(1, TCOOFF);
        LocalClient local;
        local.whenAsked([] { ::tcflow(1, TCOON); });
        return client::runThroughDaemon(
            local, {"web", {}, {"sh", "-c", "printf the-very-end; exit 3"}, false});
    });
    EXPECT_TRUE(terminal.shows("the-very-end"));
    EXPECT_EQ(terminal.wait(), 3);
}

TEST_F(CommandStatus, ASignalsStatusIs128AndItsNumber) {
    startScript("kill -USR1 $$");
    EXPECT_EQ(terminal.wait(), 128 + SIGUSR1);
    expectTheModesOfBefore();
}

TEST_F(CommandStatus, AStatusIsAskedForAgainWhileNsdIsAway) {
    LocalClient local;
    local.stayAway(3);
    client::StartedProcess process(
        local, local.exec("web", {"sh", "-c", "exit 5"}, {{}, {}, {0, 1, 2}}), 10s);
    EXPECT_EQ(process.waitForStatus(), 5);
}

TEST_F(CommandStatus, AStatusThatIsLostTakesNothingOfTheOutputWithIt) {
    terminal.start([&] {
        ::tcflow(1, TCOOFF);
        LocalClient local;
        local.whenAsked([] {
            ::tcflow(1, TCOON);
            throw Error(Errc::TimedOut, "forgotten");
        });
        try {
            return client::runThroughDaemon(local, {"web", {}, {"sh", "-c", "printf the-very-end"}, false});
        } catch (const Error& error) {
            std::fputs(error.what(), stderr);
            return 125;
        }
    });
    EXPECT_TRUE(terminal.shows("the-very-endforgotten")) << terminal.output();
    EXPECT_EQ(terminal.wait(), 125);
}

TEST_F(CommandStatus, AnNsdThatStaysAwayIsToldOf) {
    LocalClient local;
    local.stayAway(1000);
    client::StartedProcess process(local, local.exec("web", {"true"}, {{}, {}, {0, 1, 2}}), 200ms);
    try {
        static_cast<void>(process.waitForStatus());
        FAIL() << "a status out of nowhere";
    } catch (const Error& error) {
        EXPECT_EQ(
            error.text(), "the command has ended, but how is lost: nsd went away and did not come back");
    }
}

} // namespace
} // namespace nsd::test
