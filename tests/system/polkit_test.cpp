// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsd and nsctl as on a real system: a system bus, Debian's polkitd with the actions that nsd
// installs, and an ordinary user without a desktop, whom polkit asks for an administrator's password.
#include "tests/support/ordinary_users.hpp"
#include "tests/support/real_polkit.hpp"
#include "tests/support/require.hpp"
#include "tests/support/test_bus.hpp"
#include "tests/support/test_daemon.hpp"
#include "tests/support/test_terminal.hpp"
#include "tests/support/tmux.hpp"

#include <algorithm>
#include <cstdio>
#include <gtest/gtest.h>
#include <memory>
#include <pwd.h>
#include <string>
#include <unistd.h>

namespace nsd::test {
namespace {

constexpr auto wantsPassword = "polkit wants a password";

class PolkitTest : public testing::Test, protected OrdinaryUsers {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE_PROGRAM("dbus-daemon");
        NSD_REQUIRE_PROGRAM("busctl");
        NSD_REQUIRE(::access(RealPolkit::program, X_OK) == 0, RealPolkit::program);
        NSD_REQUIRE_ORDINARY_USERS();
        NSD_REQUIRE(::getpwnam("polkitd") != nullptr, "the user polkitd");
        bus_ = std::make_unique<TestBus>(RealPolkit::busRules);
        polkit_ = std::make_unique<RealPolkit>(bus_->address(), rules());
        daemon_ = std::make_unique<TestDaemon>(TestDaemon::Options{
            .systemBus = bus_->address(), .settings = {}, .wrapper = {}, .environment = {}});
        daemon_->start();
    }
    void TearDown() override {
        if (!daemon_)
            return;
        EXPECT_EQ(daemon_->terminate(), 0) << daemon_->log();
        if (HasFailure())
            std::printf("nsd's log:\n%s\n", daemon_->log().c_str());
    }
    [[nodiscard]] virtual std::string rules() const { return ""; }

    // nsctl of root, which works.
    std::string root(const Arguments& arguments) { return daemon_->mustNsctl(arguments); }
    // nsctl of an ordinary user.
    CommandResult asUser(const Arguments& arguments, const std::string& input = "") {
        CommandOptions options;
        options.user = user;
        options.input = input;
        options.environment["SHELL"] = "/bin/sh";
        options.workingDirectory = "/";
        return daemon_->nsctl(arguments, options);
    }
    void expectWorks(const Arguments& arguments, const std::string& out = "", const std::string& input = "") {
        const auto result = asUser(arguments, input);
        EXPECT_EQ(result.status, 0) << arguments.front() << ": " << result.err;
        EXPECT_EQ(result.out, out) << arguments.front();
    }
    void expectRefused(const Arguments& arguments, const std::string& why = wantsPassword) {
        const auto result = asUser(arguments);
        EXPECT_NE(result.status, 0) << arguments.front();
        EXPECT_NE(result.err.find("uid 33 lacks the right"), std::string::npos) << result.err;
        EXPECT_NE(result.err.find(why), std::string::npos) << result.err;
    }

    std::unique_ptr<TestBus> bus_;
    std::unique_ptr<RealPolkit> polkit_;
    std::unique_ptr<TestDaemon> daemon_;
};

const Arguments execId{"exec", "web", "--", "sh", "-c", "id -u; hostname"};
const Arguments socketCount{
    "socket", "web", "tcp:127.0.0.1:8080", "--", "sh", "-c", "echo $LISTEN_FDS; id -u"};

TEST_F(PolkitTest, aUsersOwnNamespacesNeedNoPassword) {
    ASSERT_EQ(asUser({"create", "mine", "--rootless", "-t", "net,uts", "--hostname", "inside"}).err, "");
    expectWorks({"exec", "mine", "--", "sh", "-c", "id -u; hostname"}, "33\ninside\n");
    expectWorks({"shell", "mine"}, "inside\n", "hostname\n");
    expectWorks(
        {"socket", "mine", "tcp:127.0.0.1:8080", "--", "sh", "-c", "echo $LISTEN_FDS; id -u"}, "1\n33\n");
    const auto destroyed = asUser({"destroy", "mine"});
    EXPECT_EQ(destroyed.status, 0) << destroyed.err;
    EXPECT_EQ(root({"list", "--no-legend"}), "");
}

TEST_F(PolkitTest, aNamespaceOfTheSystemDoes) {
    expectRefused({"create", "theirs", "-t", "uts"});
    EXPECT_EQ(root({"list", "--no-legend"}), "");
}

TEST_F(PolkitTest, oneOfRootIsClosedUntilRootGrantsARightAndAfterItIsTakenBack) {
    root({"create", "web", "-t", "net,uts", "--hostname", "inside"});
    for (const auto& call :
        {execId, socketCount, Arguments{"label", "web", "a=b"}, Arguments{"destroy", "web"}})
        expectRefused(call);

    root({"grant", "web", "user:33", "enter,socket,manage"});
    expectWorks(execId, "33\ninside\n");
    expectWorks(socketCount, "1\n33\n");
    expectWorks({"label", "web", "a=b"});

    root({"revoke", "web", "user:33", "enter,socket,manage"});
    for (const auto& call :
        {execId, socketCount, Arguments{"label", "web", "a=c"}, Arguments{"destroy", "web"}})
        expectRefused(call);
    root({"destroy", "web"});
}

TEST_F(PolkitTest, aGrantCannotBeGivenByWhomItIsFor) {
    root({"create", "web", "-t", "uts"});
    expectRefused({"grant", "web", "user:33", "enter"});
    expectRefused(execId);
    root({"destroy", "web"});
}

TEST_F(PolkitTest, polkitKnowsEveryActionAndItsMessage) {
    CommandOptions options;
    options.environment["DBUS_SYSTEM_BUS_ADDRESS"] = bus_->address();
    const auto known = mustRun({"pkaction", "--verbose", "--action-id", "org.nsd1.manage"}, options);
    EXPECT_NE(known.find("change or destroy the namespace $(namespace)"), std::string::npos) << known;
    EXPECT_NE(known.find("auth_admin_keep"), std::string::npos) << known;
    const auto all = mustRun({"pkaction"}, options);
    EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 9) << all;
}

TEST_F(PolkitTest, onATerminalAPasswordIsAskedForWithTheNamespacesName) {
    NSD_REQUIRE_PROGRAM("pkttyagent");
    root({"create", "web", "-t", "uts"});
    CommandOptions options;
    options.user = user;
    options.environment["DBUS_SYSTEM_BUS_ADDRESS"] = bus_->address(); // for the agent
    const Arguments label{TestDaemon::binary("nsctl"), "--bus=" + bus_->address(), "label", "web", "a=b"};
    TestTerminal terminal;
    terminal.start(label, options);
    EXPECT_TRUE(terminal.shows("AUTHENTICATING FOR org.nsd1.manage")) << terminal.output();
    EXPECT_TRUE(terminal.shows("required to change or destroy the namespace web.")) << terminal.output();
    EXPECT_TRUE(terminal.shows("Password: ")) << terminal.output();
    terminal.type("\x03");
    EXPECT_NE(terminal.wait(), 0) << terminal.output();
    expectRefused({"label", "web", "a=b"});
    root({"destroy", "web"});
}

TEST_F(PolkitTest, whoCannotAnswerTheQuestionIsRefusedAndHasHisTerminalBack) {
    NSD_REQUIRE_PROGRAM("pkttyagent");
    NSD_REQUIRE_PROGRAM("tmux");
    NSD_REQUIRE_PROGRAM("setpriv");
    root({"create", "web", "-t", "uts"});
    constexpr unsigned wide = 200;
    Tmux terminal({{"DBUS_SYSTEM_BUS_ADDRESS", bus_->address()}, {"NSD_BUS_ADDRESS", bus_->address()}}, wide);
    ASSERT_TRUE(terminal.shows(Tmux::prompt)) << terminal.screen();
    const auto label = "clear; setpriv --reuid=" + std::to_string(user) + " --regid=" + std::to_string(user) +
                       " --clear-groups " + TestDaemon::binary("nsctl").string() +
                       " label web a=b; echo \"status: $?\"";
    terminal.enter(label);
    EXPECT_TRUE(terminal.shows("required to change or destroy the namespace web.")) << terminal.screen();
    ASSERT_TRUE(terminal.shows("Password:")) << terminal.screen();
    terminal.enter("not the password");
    EXPECT_TRUE(terminal.shows("lacks the right")) << terminal.screen();
    EXPECT_TRUE(terminal.shows("status: 1\n")) << terminal.screen();
    EXPECT_EQ(terminal.screen().find("not the password"), std::string::npos) << "it is not shown";
    EXPECT_TRUE(terminal.isRestored()) << terminal.screen();

    terminal.enter(label);
    ASSERT_TRUE(terminal.shows("Password:")) << terminal.screen();
    terminal.press("C-c");
    EXPECT_TRUE(terminal.shows(Tmux::prompt)) << terminal.screen();
    EXPECT_TRUE(terminal.isRestored()) << terminal.screen();
    EXPECT_EQ(root({"list", "--no-legend", "-o", "labels"}), "-");
    root({"destroy", "web"});
}

TEST_F(PolkitTest, whenPolkitIsGoneTheAnswerIsNo) {
    root({"create", "web", "-t", "uts"});
    polkit_->kill();
    expectRefused({"destroy", "web"}, "polkit cannot be asked");
    root({"destroy", "web"});
}

// An administrator's rule sees in the details which namespace is meant, whose it is, and the right.
class PolkitRulesTest : public PolkitTest {
  protected:
    [[nodiscard]] std::string rules() const override {
        return R"js(polkit.addRule(function(action, subject) {
    if (action.id == "org.nsd1.manage" && subject.user == "www-data" &&
        action.lookup("namespace") == "web" && action.lookup("owner") == "0" &&
        action.lookup("right") == "manage" && action.lookup("types") == "net uts")
        return polkit.Result.YES;
});)js";
    }
};

TEST_F(PolkitRulesTest, aRuleOfTheAdministratorDecidesByTheDetails) {
    root({"create", "web", "-t", "net,uts"});
    root({"create", "shop", "-t", "net,uts"});
    expectWorks({"label", "web", "a=b"});
    expectRefused({"label", "shop", "a=b"});
    root({"destroy", "web", "shop"});
}

} // namespace
} // namespace nsd::test
