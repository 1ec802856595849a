// SPDX-License-Identifier: LGPL-2.1-or-later
// Exec, its processes and who may do what with them, on the bus.
#include "tests/bus/bus_fixture.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>

namespace nsd::test {
namespace {

constexpr uid_t somebody = 1;
constexpr uid_t somebodyElse = 2;

class Exec : public BusTest {
  protected:
    using Options = std::function<void(sd_bus_message*)>;

    static BusClient::Fill call(
        const std::string& name, const std::vector<std::string>& argv, const Options& options = {}) {
        return [=](sd_bus_message* message) {
            sd_bus_message_append(message, "s", name.c_str());
            strings(argv)(message);
            sd_bus_message_open_container(message, 'a', "{sv}");
            if (options)
                options(message);
            sd_bus_message_close_container(message);
        };
    }
    template <class... Args>
    static Options option(const char* key, const char* type, Args... args) {
        return [=](sd_bus_message* message) { sd_bus_message_append(message, "{sv}", key, type, args...); };
    }
    static Options words(const char* key, std::vector<std::string> values) {
        return [=](sd_bus_message* message) {
            sd_bus_message_open_container(message, 'e', "sv");
            sd_bus_message_append(message, "s", key);
            sd_bus_message_open_container(message, 'v', "as");
            strings(values)(message);
            sd_bus_message_close_container(message);
            sd_bus_message_close_container(message);
        };
    }
    AnswerPtr execAs(BusClient& client, const Options& options = {}, const std::string& name = "web") {
        return client.call("/org/nsd1", "org.nsd1.Manager", "Exec", call(name, {"true"}, options));
    }
    // The path of the started process.
    std::string started(const AnswerPtr& answer) {
        EXPECT_EQ(answer->error, "") << answer->text;
        const auto begin = answer->text.find('"') + 1;
        return answer->text.substr(begin, answer->text.find('"', begin) - begin);
    }
    std::string show(const std::string& path, const char* name) {
        return root_->property(path, "org.nsd1.Process", name);
    }
    AnswerPtr ask(BusClient& client, const std::string& path, const char* method) {
        return client.call(path, "org.nsd1.Process", method, BusClient::filled(""));
    }
    AnswerPtr kill(BusClient& client, const std::string& path, int signal) {
        return client.call(path, "org.nsd1.Process", "Kill", BusClient::filled("i", signal));
    }
    // A namespace that belongs to somebody.
    std::string createFor(uid_t owner) {
        const auto fill = [&](sd_bus_message* message) {
            sd_bus_message_append(message, "s", "web");
            strings({"net"})(message);
            sd_bus_message_append(message, "a{sv}", 1, "owner", "u", owner);
        };
        return root_->call("/org/nsd1", "org.nsd1.Manager", "Create", fill)->error;
    }
    const Launch& launched() { return launcher_->launches().back(); }
};

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

TEST_F(Exec, everyOptionReachesTheCommand) {
    create("web", {"net", "uts"});
    const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const auto answer = execAs(*root_, [&](sd_bus_message* message) {
        words("env", {"A=1"})(message);
        option("cwd", "s", "/tmp")(message);
        option("stdin", "h", null.get())(message);
        option("stderr", "h", null.get())(message);
        option("tty", "b", 1)(message);
        words("types", {"uts"})(message);
        option("uid", "u", somebody)(message);
    });
    ASSERT_EQ(answer->error, "") << answer->text;
    const auto& command = launched().command;
    EXPECT_EQ(command.environment, std::vector<std::string>{"A=1"});
    EXPECT_EQ(command.directory, "/tmp");
    EXPECT_TRUE(command.terminal);
    EXPECT_EQ(command.ids.uid, somebody);
    EXPECT_FALSE(command.keepsCapabilities);
}

TEST_F(Exec, wrongOptionsAreNamed) {
    create("web", {"net"});
    const UniqueFd path(::open("/dev/null", O_PATH | O_CLOEXEC));
    const auto expect = [&](const Options& options, const std::string& error, const std::string& word) {
        const auto answer = execAs(*root_, options);
        EXPECT_EQ(answer->error, "org.nsd1.Error." + error) << answer->text;
        EXPECT_NE(answer->text.find(word), std::string::npos) << answer->text;
    };
    expect(option("directory", "s", "/"), "InvalidArgument", "\"directory\"");
    expect(option("cwd", "u", 7U), "InvalidArgument", "\"cwd\"");
    expect(option("cwd", "s", "tmp"), "InvalidArgument", "cwd");
    expect(option("tty", "b", 1), "InvalidArgument", "stdin");
    expect(option("stdin", "s", "x"), "InvalidArgument", "\"stdin\"");
    expect(option("stdout", "h", path.get()), "WrongFd", "stdout");
    expect(words("types", {"uts"}), "TypeNotPresent", "uts");
    expect(words("types", {"nonsense"}), "InvalidArgument", "nonsense");
    expect(words("env", {"nonsense"}), "InvalidArgument", "nonsense");
    EXPECT_TRUE(launcher_->launches().empty());
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

TEST_F(Exec, aTiedProcessEndsWithItsCallersConnection) {
    create("web", {"net"});
    auto client = std::make_unique<BusClient>(bus_->address(), loop_->handle());
    static_cast<void>(started(execAs(*client, option("tied", "b", 1))));
    const auto tied = launcher_->lastPid();
    static_cast<void>(started(execAs(*client)));
    client->vanish();
    root_->turnUntil([&] { return !launcher_->signals().empty(); });
    EXPECT_EQ(launcher_->signals(), (std::vector<std::pair<pid_t, int>>{{tied, SIGKILL}}));
}

TEST_F(Exec, aTieHoldsOverARestart) {
    create("web", {"net"});
    auto client = std::make_unique<BusClient>(bus_->address(), loop_->handle());
    static_cast<void>(started(execAs(*client, option("tied", "b", 1))));
    restart();
    EXPECT_TRUE(launcher_->signals().empty());
    client->vanish();
    root_->turnUntil([&] { return !launcher_->signals().empty(); });
}

TEST_F(Exec, aCallerWhoVanishesDuringTheLaunchTakesTheTiedProcessAlong) {
    create("web", {"net"});
    launcher_->holdAnswers();
    auto client = std::make_unique<BusClient>(bus_->address(), loop_->handle());
    static_cast<void>(client->start(
        "/org/nsd1", "org.nsd1.Manager", "Exec", call("web", {"true"}, option("tied", "b", 1))));
    root_->turnUntil([&] { return !launcher_->launches().empty(); });
    client->vanish();
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->error, "");
    launcher_->answer();
    root_->turnUntil([&] { return !launcher_->signals().empty(); });
    EXPECT_EQ(launcher_->signals().front().second, SIGKILL);
}

TEST_F(Exec, processesAreThereAgainAfterARestart) {
    create("web", {"net"});
    const auto path = started(execAs(*root_));
    restart();
    EXPECT_EQ(show(path, "State"), "\"running\"");
    launcher_->end(launcher_->lastPid(), CLD_EXITED, 4);
    EXPECT_EQ(ask(*root_, path, "Wait")->text, "1 4");
}

TEST_F(Exec, leavesNoDescriptorOpenInTheDaemon) {
    create("web", {"net"});
    launcher_->failNext(Error(Errc::KernelError, "no"));
    static_cast<void>(execAs(*root_));
    const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const auto before = countOpenFds();
    for (int i = 0; i < 50; ++i) {
        const auto answer = execAs(*root_, [&](sd_bus_message* message) {
            option("stdin", "h", null.get())(message);
            option("cwd", "s", "nowhere")(message);
        });
        EXPECT_EQ(answer->error, "org.nsd1.Error.InvalidArgument");
    }
    EXPECT_EQ(countOpenFds(), before);
}

} // namespace
} // namespace nsd::test
