// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl on a terminal, before a polkit that wants a password and with an agent that is none.
#include "tests/bus/polkit_fixture.hpp"
#include "tests/support/command.hpp"

#include <fcntl.h>
#include <pty.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace nsd::test {
namespace {

using Answer = FakePolkit::Answer;

class PasswordAgentTest : public PolkitBusTest {
  protected:
    void SetUp() override {
        PolkitBusTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        create("web", {"uts"});
        // What it is told goes into a file; it is ready at once, and waits to be ended.
        agentIs("echo \"$@\" >>" + said() + "\necho started $PPID >>" + said() + "\ntrap 'echo ended >>" +
                said() + "; exit 0' TERM\neval \"exec $2>&-\"\nwhile :; do sleep 1 & wait $!; done\n");
        ::chmod(directory_.path().c_str(), 0777);
        polkit_->decide = [this](const FakePolkit::Question&) {
            return isAgentThere() ? Answer::Yes : Answer::Challenge;
        };
    }

    void agentIs(const std::string& script) {
        writeFile(directory_ / "pkttyagent", "#!/bin/sh\n" + script);
        ::chmod((directory_ / "pkttyagent").c_str(), 0755);
    }
    [[nodiscard]] std::string said() const { return directory_ / "said"; }
    [[nodiscard]] std::string whatItSaid() const {
        return ::access(said().c_str(), F_OK) == 0 ? readFile(said()) : "";
    }
    [[nodiscard]] bool isAgentThere() const {
        const auto text = whatItSaid();
        return text.find("started") != std::string::npos && text.find("ended") == std::string::npos;
    }

    // Runs nsctl while the loop turns; answers its exit status.
    enum class Stdin { Terminal, File };
    int nsctl(std::vector<std::string> arguments, uid_t user = nobody, Stdin input = Stdin::Terminal) {
        arguments.insert(arguments.begin(), {NSD_TEST_BIN_DIR "/nsctl", "--bus=" + bus_->address()});
        std::vector<char*> argv;
        for (auto& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);
        int master = -1;
        const pid_t child = ::forkpty(&master, nullptr, nullptr, nullptr);
        if (child == 0) {
            if (input == Stdin::File)
                ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
            ::setenv("PATH", (directory_.path().string() + ":/usr/bin:/bin").c_str(), 1);
            sigset_t none;
            sigemptyset(&none);
            ::sigprocmask(SIG_SETMASK, &none, nullptr);
            if (::setgid(user) == 0 && ::setuid(user) == 0)
                ::execv(argv[0], argv.data());
            ::_exit(126);
        }
        const UniqueFd terminal(master);
        int status = -1;
        bool over = false;
        const auto exit = loop_->onExit(child, [&](int ended) {
            status = ended;
            over = true;
        });
        root_->turnUntil([&] { return over; });
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    }

    TempDir directory_;
};

TEST_F(PasswordAgentTest, itIsStartedWhereAPasswordIsWantedAndEndedAfter) {
    EXPECT_EQ(nsctl({"rename", "web", "shop"}), 0);
    EXPECT_NO_THROW((void)namespaces_->find(Name("shop")));
    const auto text = whatItSaid();
    EXPECT_TRUE(text.starts_with("--notify-fd ")) << text;
    EXPECT_NE(text.find("\nstarted "), std::string::npos) << text;
    EXPECT_EQ(text.find("fallback"), std::string::npos) << "polkit finds such a one only in a session";
    EXPECT_TRUE(text.ends_with("ended\n")) << text;
    ASSERT_EQ(polkit_->questions().size(), 2U);
    EXPECT_TRUE(polkit_->questions()[0]->interactive);
    EXPECT_TRUE(polkit_->questions()[1]->interactive);
}

TEST_F(PasswordAgentTest, itIsNotStartedWhereNoneIsNeeded) {
    polkit_->answerWith(Answer::Yes);
    EXPECT_EQ(nsctl({"rename", "web", "shop"}), 0);
    EXPECT_EQ(whatItSaid(), "");
}

TEST_F(PasswordAgentTest, itIsNotStartedWithNoAskPassword) {
    EXPECT_EQ(nsctl({"rename", "--no-ask-password", "web", "shop"}), 1);
    EXPECT_EQ(whatItSaid(), "");
    ASSERT_EQ(polkit_->questions().size(), 1U);
    EXPECT_FALSE(polkit_->questions()[0]->interactive);
}

TEST_F(PasswordAgentTest, itIsNotStartedWithoutATerminal) {
    EXPECT_EQ(nsctl({"rename", "web", "shop"}, nobody, Stdin::File), 1);
    EXPECT_EQ(whatItSaid(), "");
    ASSERT_EQ(polkit_->questions().size(), 1U);
    EXPECT_TRUE(polkit_->questions()[0]->interactive) << "a desktop may have an agent of its own";
}

TEST_F(PasswordAgentTest, itIsNotStartedForRoot) {
    polkit_->answerWith(Answer::Challenge);
    EXPECT_EQ(nsctl({"rename", "web", "shop"}, 0), 0);
    EXPECT_EQ(whatItSaid(), "");
}

TEST_F(PasswordAgentTest, aRefusalWithItIsTheLastWord) {
    polkit_->answerWith(Answer::Challenge);
    EXPECT_EQ(nsctl({"rename", "web", "shop"}), 1);
    EXPECT_EQ(polkit_->questions().size(), 2U);
    EXPECT_TRUE(whatItSaid().ends_with("ended\n")) << whatItSaid();
}

TEST_F(PasswordAgentTest, oneThatDoesNotWorkIsNotWaitedFor) {
    agentIs("exit 1\n");
    EXPECT_EQ(nsctl({"rename", "web", "shop"}), 1);
    EXPECT_NO_THROW((void)namespaces_->find(Name("web")));
}

} // namespace
} // namespace nsd::test
