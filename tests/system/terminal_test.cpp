// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What people see of nsctl: in a terminal of tmux.
#include "tests/support/system_test.hpp"
#include "tests/support/tmux.hpp"

namespace nsd::test {
namespace {

class InTerminal : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("tmux");
        SystemTest::SetUp();
    }
    [[nodiscard]] Environment withNsctl() {
        return {{"NSD_BUS_ADDRESS", daemon().busAddress()},
            {"PATH", TestDaemon::binary("nsctl").parent_path().string() + ":/usr/bin:/bin:/usr/sbin:/sbin"}};
    }
};

TEST_F(InTerminal, AShellInsideAndTheWayOut) {
    nsctl({"create", "web", "-t", "uts", "--hostname", "inside"});
    Tmux terminal(withNsctl());
    ASSERT_TRUE(terminal.shows(Tmux::prompt)) << terminal.screen();
    terminal.enter("nsctl shell web");
    terminal.enter("hostname | sed 's/^/it is /'");
    EXPECT_TRUE(terminal.shows("it is inside")) << terminal.screen();
    terminal.enter("cat");
    terminal.press("C-c");
    terminal.enter("exit 7");
    terminal.enter("echo \"status: $?\"");
    EXPECT_TRUE(terminal.shows("status: 7")) << terminal.screen();
    EXPECT_TRUE(terminal.isRestored()) << terminal.screen();
    destroy("web");
}

TEST_F(InTerminal, TopShowsSortsFollowsTheWindowAndGivesTheScreenBack) {
    nsctl({"create", "first", "-t", "net,uts"});
    nsctl({"create", "second", "-t", "ipc"});
    Tmux terminal(withNsctl());
    ASSERT_TRUE(terminal.shows(Tmux::prompt)) << terminal.screen();
    terminal.enter("echo before; nsctl top -d 200ms");
    ASSERT_TRUE(terminal.shows("2 namespaces, 0 processes - by processes")) << terminal.screen();
    EXPECT_EQ(terminal.screen().find("before"), std::string::npos) << "another screen";
    EXPECT_TRUE(terminal.shows("NAME")) << terminal.screen();
    terminal.press("n");
    EXPECT_TRUE(terminal.shows("- by name")) << terminal.screen();
    nsctl({"create", "third", "-t", "uts"});
    EXPECT_TRUE(terminal.shows("third")) << terminal.screen();
    terminal.resize(60, 3);
    EXPECT_TRUE(terminal.loses("second")) << terminal.screen();
    EXPECT_TRUE(terminal.shows("first")) << terminal.screen();
    terminal.resize(100, 24);
    EXPECT_TRUE(terminal.shows("second")) << terminal.screen();
    terminal.press("q");
    EXPECT_TRUE(terminal.shows("before")) << terminal.screen();
    EXPECT_TRUE(terminal.isRestored()) << terminal.screen();

    terminal.enter("clear; nsctl top -d 200ms; echo \"status: $?\"");
    ASSERT_TRUE(terminal.shows("3 namespaces")) << terminal.screen();
    terminal.press("C-c");
    EXPECT_TRUE(terminal.shows("status: 0")) << terminal.screen();
    EXPECT_TRUE(terminal.isRestored()) << terminal.screen();
    nsctl({"destroy", "first", "second", "third"});
}

} // namespace
} // namespace nsd::test
