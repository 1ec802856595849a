// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Completion of nsctl in the real shells, as a user sees it, on a running nsd.
#include "tests/support/system_test.hpp"
#include "tests/support/test_bus.hpp"
#include "tests/support/test_terminal.hpp"

#include <chrono>
#include <filesystem>
#include <sys/socket.h>
#include <sys/un.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

const std::string scripts = NSD_TEST_SOURCE_DIR "/client/completion";

CommandOptions withNsctl(const std::string& bus) {
    CommandOptions options;
    options.environment["NSD_BUS_ADDRESS"] = bus;
    options.environment["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nonexistent";
    options.environment["PATH"] =
        TestDaemon::binary("nsctl").parent_path().string() + ":/usr/sbin:/usr/bin:/sbin:/bin";
    options.environment["TERM"] = "dumb";
    options.environment["LC_ALL"] = "C.UTF-8";
    return options;
}

// What is typed in front of a TAB, and what stands there then.
struct Step {
    const char* typed;
    const char* completed;
};
const std::vector<Step> steps{
    {"nsctl renam", "nsctl rename "},
    {"nsctl exec we", "nsctl exec web "},
    {"nsctl destroy --force bo", "nsctl destroy --force box "},
    {"nsctl exec web gunzi", "nsctl exec web gunzip "},
    {"nsctl exec web -- nsctl exec bo", "nsctl exec web -- nsctl exec box "},
    {"nsctl create x --ty", "nsctl create x --types="},
    {"nsctl create x --types=net,ut", "nsctl create x --types=net,uts "},
    {"nsctl create x -t net,us", "nsctl create x -t net,user "},
    {"nsctl list --label env=p", "nsctl list --label env=prod "},
    {"nsctl list --label=env=p", "nsctl list --label=env=prod "},
    {"nsctl list --label=tie", "nsctl list --label=tier=a\\ b "},
    {"nsctl unit --root=/usr/shar", "nsctl unit --root=/usr/share/"},
    {"nsctl identify /etc/passw", "nsctl identify /etc/passwd"},
    {"nsctl adopt x net=/proc/self/ns/ne", "nsctl adopt x net=/proc/self/ns/net "},
    {"nsctl grant web us", "nsctl grant web user:"},
    {"nsctl grant web user:roo", "nsctl grant web user:root "},
    {"nsctl grant web user:root enter,ho", "nsctl grant web user:root enter,hold "},
};

class CompletionInShells : public SystemTest {
  protected:
    void SetUp() override {
        SystemTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        nsctl({"create", "web", "--label", "env=test"});
        nsctl({"create", "box", "-t", "uts", "--label", "env=prod", "--label", "tier=a b"});
    }
    void TearDown() override {
        if (!IsSkipped() && !HasFatalFailure()) {
            destroy("web");
            destroy("box");
        }
        SystemTest::TearDown();
    }

    // Lets a shell say that it is ready, and types all the steps.
    void completes(const Arguments& shell, const std::string& preparation) {
        TestTerminal terminal;
        terminal.resize(24, 200);
        terminal.start(shell, withNsctl(daemon().busAddress()));
        terminal.type(preparation + "; PS1='ready''> '\n");
        ASSERT_TRUE(terminal.shows("ready> ")) << terminal.output();
        const std::string eraseLine = "\x15";
        for (const auto& [typed, completed] : steps) {
            terminal.type(std::string(typed) + "\t");
            ASSERT_TRUE(terminal.shows(completed)) << typed << "\n" << terminal.output();
            terminal.type(eraseLine + "\n");
            ASSERT_TRUE(terminal.shows("ready> ")) << terminal.output();
        }
        // Two that fit are listed.
        terminal.type("nsctl show \t\t");
        EXPECT_TRUE(terminal.shows("box")) << terminal.output();
        EXPECT_TRUE(terminal.shows("web")) << terminal.output();
    }
};

TEST_F(CompletionInShells, Bash) {
    NSD_REQUIRE_PROGRAM("bash");
    const std::string package = "/usr/share/bash-completion/bash_completion";
    NSD_REQUIRE(fs::exists(package), package);
    completes({"bash", "--norc", "--noprofile", "-i"},
        ". " + package + "; . " + scripts +
            "/nsctl.bash; bind 'set bell-style none'; bind 'set enable-bracketed-paste off'");
}

TEST_F(CompletionInShells, Zsh) {
    NSD_REQUIRE_PROGRAM("zsh");
    completes({"zsh", "-f", "-i"},
        "fpath=(" + scripts +
            " $fpath); autoload -Uz compinit; compinit -D -u; unsetopt beep prompt_cr prompt_sp");
}

// Which is asked as its manual says, and shows descriptions: fish talks to its terminal in escape sequences.
TEST_F(CompletionInShells, Fish) {
    NSD_REQUIRE_PROGRAM("fish");
    const TempDir home;
    auto options = withNsctl(daemon().busAddress());
    options.environment["HOME"] = home.path();
    const auto complete = [&](const std::string& line) {
        const auto result =
            run({"fish", "--no-config", "-c",
                    "source " + scripts + "/nsctl.fish; complete --do-complete=$argv[1]", line},
                options);
        EXPECT_EQ(result.err, "") << line;
        return result.out;
    };
    for (const auto& [typed, completed] : steps) {
        std::string word = completed;
        word.erase(word.find_last_not_of(' ') + 1);
        if (const auto backslash = word.find('\\'); backslash != std::string::npos)
            word.erase(backslash, 1); // it is quoted when it is inserted
        word = word.substr(std::string(typed).rfind(' ') + 1);
        const auto answer = "\n" + complete(typed);
        EXPECT_TRUE(answer.find("\n" + word + "\t") != std::string::npos ||
                    answer.find("\n" + word + "\n") != std::string::npos)
            << typed << answer;
    }
    EXPECT_EQ(complete("nsctl show "), "box\tuts\nweb\tnet\n");
}

CommandResult complete(const std::string& bus) {
    return run({TestDaemon::binary("nsctl"), "__complete", "exec", ""}, withNsctl(bus));
}

using Clock = std::chrono::steady_clock;

TEST(Completion, IsSilentWithoutADaemon) {
    const auto result = complete("unix:path=/nonexistent");
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.out + result.err, "");
}

TEST(Completion, DoesNotWaitForABusThatHangs) {
    const TempDir directory;
    const auto path = directory / "bus";
    const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener.get(), 8), 0);
    const auto begin = Clock::now();
    const auto result = complete("unix:path=" + path.string());
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(15)); // a connection waits for 90
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.out + result.err, "");
}

TEST(Completion, StartsNoDaemon) {
    NSD_REQUIRE_ROOT();
    NSD_REQUIRE_PROGRAM("dbus-daemon");
    const TempDir directory;
    const auto started = directory / "started";
    writeFile(directory / "org.nsd1.service",
        "[D-BUS Service]\nName=org.nsd1\nUser=root\nExec=/usr/bin/touch " + started.string() + "\n");
    const TestBus bus("<servicedir>" + directory.path().string() + "</servicedir>");
    EXPECT_EQ(complete(bus.address()).out, "");
    EXPECT_FALSE(fs::exists(started));
    // Whoever asks for an answer has it started.
    const BackgroundProcess list({TestDaemon::binary("nsctl"), "list"}, withNsctl(bus.address()));
    EXPECT_TRUE(eventually([&] { return fs::exists(started); }));
}

} // namespace
} // namespace nsd::test
