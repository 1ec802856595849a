// SPDX-License-Identifier: LGPL-2.1-or-later
// Exec, its processes and who may do what with them, on the bus.
#include "tests/bus/exec_fixture.hpp"

#include <cerrno>
#include <csignal>

namespace nsd::test {
namespace {

TEST_F(Exec, answersTheProcessAndItsPidfd) {
    create("web", {"net"});
    const auto answer = execAs(*root_);
    EXPECT_NE(answer->text.find("\"/org/nsd1/process/"), std::string::npos) << answer->text;
    EXPECT_TRUE(answer->text.ends_with("fd")) << answer->text;
    EXPECT_EQ(launched().command.argv, std::vector<std::string>{"true"});
}

TEST_F(Exec, theObjectFormIsTheSame) {
    const auto path = create("web", {"net"});
    const auto fill = [](sd_bus_message* message) {
        strings({"true"})(message);
        sd_bus_message_append(message, "a{sv}", 0);
    };
    EXPECT_EQ(root_->call(path, "org.nsd1.Namespace", "Exec", fill)->error, "");
}

TEST_F(Exec, theProcessShowsWhatItIs) {
    create("web", {"net"});
    const auto path = started(execAs(*root_));
    EXPECT_EQ(show(path, "Pid"), std::to_string(launcher_->lastPid()));
    EXPECT_EQ(show(path, "Uid"), "0");
    EXPECT_EQ(show(path, "State"), "\"running\"");
    EXPECT_EQ(show(path, "Code"), "0");
}

TEST_F(Exec, theEndIsSignalledAndShown) {
    create("web", {"net"});
    const auto path = started(execAs(*root_));
    root_->listen();
    launcher_->end(launcher_->lastPid(), CLD_EXITED, 7);
    root_->waitForSignals(1);
    EXPECT_EQ(root_->signals().front(),
        R"(PropertiesChanged "org.nsd1.Process" ["Code": 1, "State": "exited", "Status": 7] [])");
    EXPECT_EQ(show(path, "State"), "\"exited\"");
    EXPECT_EQ(show(path, "Status"), "7");
}

TEST_F(Exec, waitAnswersAtTheEnd) {
    create("web", {"net"});
    const auto path = started(execAs(*root_));
    const auto answer = root_->start(path, "org.nsd1.Process", "Wait", BusClient::filled(""));
    EXPECT_EQ(show(path, "State"), "\"running\"");
    EXPECT_FALSE(answer->done);
    launcher_->end(launcher_->lastPid(), CLD_KILLED, SIGTERM);
    root_->turnUntil([&] { return answer->done; });
    EXPECT_EQ(answer->text, "2 15");
}

TEST_F(Exec, aFailedLaunchSaysTheStep) {
    create("web", {"net"});
    launcher_->failNext(Error(Errc::KernelError, "execute \"true\": Permission denied", EACCES));
    const auto answer = execAs(*root_);
    EXPECT_EQ(answer->error, "org.nsd1.Error.KernelError");
    EXPECT_EQ(answer->text, "execute \"true\": Permission denied");
    EXPECT_EQ(root_->manager("ListProcesses", "a{sv}", 0)->text, "[]");
}

TEST_F(Exec, theOwnerRunsAsHimself) {
    ASSERT_EQ(createFor(somebody), "");
    const auto client = clientAs(somebody);
    const auto path = started(execAs(*client));
    EXPECT_EQ(show(path, "Uid"), std::to_string(somebody));
    EXPECT_EQ(launched().command.ids.uid, somebody);
    EXPECT_FALSE(launched().command.keepsCapabilities);
}

TEST_F(Exec, othersMayNot) {
    ASSERT_EQ(createFor(somebody), "");
    const auto other = clientAs(somebodyElse);
    EXPECT_EQ(execAs(*other)->error, "org.freedesktop.DBus.Error.AccessDenied");
    ASSERT_FALSE(authority_->questions.empty());
    EXPECT_EQ(authority_->questions.back().right, Right::Enter);
    EXPECT_TRUE(launcher_->launches().empty());
}

TEST_F(Exec, onlyRootChoosesTheUid) {
    ASSERT_EQ(createFor(somebody), "");
    const auto client = clientAs(somebody);
    EXPECT_EQ(execAs(*client, option("uid", "u", 0U))->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_TRUE(launcher_->launches().empty());
}

TEST_F(Exec, killAndWaitAreForRootAndWhoRunsIt) {
    ASSERT_EQ(createFor(somebody), "");
    const auto owner = clientAs(somebody);
    const auto other = clientAs(somebodyElse);
    const auto path = started(execAs(*owner));
    EXPECT_EQ(kill(*other, path, SIGTERM)->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(ask(*other, path, "Wait")->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_TRUE(launcher_->signals().empty());
    EXPECT_EQ(kill(*owner, path, SIGTERM)->error, "");
    EXPECT_EQ(kill(*root_, path, SIGHUP)->error, "");
    EXPECT_EQ(launcher_->signals().size(), 2U);
    EXPECT_EQ(kill(*owner, path, 0)->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_EQ(other->property(path, "org.nsd1.Process", "State"), "\"running\"");
}

TEST_F(Exec, aUidInsideGivesTheHostsUserOfThatNumberNothing) {
    create("web", {"user"});
    launcher_->mapInside(somebodyElse);
    const auto path = started(execAs(*root_, option("uid", "u", somebody)));
    EXPECT_EQ(launched().command.ids.uid, somebody);
    EXPECT_TRUE(launched().command.idsAreInside);
    EXPECT_EQ(launched().uid, 0U);
    EXPECT_EQ(launched().command.environment.at(2), "USER=1"); // no entry of the host's user database
    EXPECT_EQ(show(path, "Uid"), std::to_string(somebodyElse));
    const auto namesake = clientAs(somebody);
    EXPECT_EQ(kill(*namesake, path, SIGTERM)->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(namesake->manager("ListProcesses", "a{sv}", 0)->text, "[]");
    EXPECT_EQ(kill(*clientAs(somebodyElse), path, SIGTERM)->error, "");
}

TEST_F(Exec, listsOnesOwnAndAllToRoot) {
    ASSERT_EQ(createFor(somebody), "");
    const auto owner = clientAs(somebody);
    const auto path = started(execAs(*owner));
    const auto other = clientAs(somebodyElse);
    EXPECT_EQ(other->manager("ListProcesses", "a{sv}", 0)->text, "[]");
    const auto seen = owner->manager("ListProcesses", "a{sv}", 0)->text;
    EXPECT_NE(seen.find('"' + path + '"'), std::string::npos) << seen;
    EXPECT_NE(seen.find("\"running\""), std::string::npos) << seen;
    EXPECT_EQ(root_->manager("ListProcesses", "a{sv}", 0)->text, seen);
}

TEST_F(Exec, processesAreThereAgainAfterARestart) {
    create("web", {"net"});
    const auto path = started(execAs(*root_));
    restart();
    EXPECT_EQ(show(path, "State"), "\"running\"");
    launcher_->end(launcher_->lastPid(), CLD_EXITED, 4);
    EXPECT_EQ(ask(*root_, path, "Wait")->text, "1 4");
}

} // namespace
} // namespace nsd::test
