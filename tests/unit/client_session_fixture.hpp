// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/exec/started_process.hpp"
#include "tests/support/test_terminal.hpp"
#include "tests/unit/client_fixture.hpp"

#include <csignal>
#include <cstdio>
#include <functional>
#include <string>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <vector>

namespace nsd::test {

inline FakeDaemon& noDaemon() {
    static FakeDaemon daemon;
    return daemon;
}

// Starts commands as they would be started inside: in a session of their own.
class LocalClient : public FakeClient {
  public:
    LocalClient() : FakeClient(noDaemon()) {}

    client::StartedCommand exec(const std::string&, const std::vector<std::string>& argv,
        const client::ExecOptions& options) override {
        pid_ = ::fork();
        if (pid_ == 0)
            become(argv, options);
        return {"/org/nsd1/process/1", UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)))};
    }
    std::optional<client::CommandEnd> waitForCommand(const std::string&) override {
        asked_();
        if (away_-- > 0)
            throw client::Unanswered("nsd went away");
        siginfo_t end{};
        ::waitid(P_PID, static_cast<id_t>(pid_), &end, WEXITED);
        return client::CommandEnd{end.si_code, end.si_status};
    }
    void stayAway(int calls) { away_ = calls; }
    void whenAsked(std::function<void()> what) { asked_ = std::move(what); }

  private:
    [[noreturn]] static void become(
        const std::vector<std::string>& argv, const client::ExecOptions& options) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::setsid();
        ::signal(SIGUSR1, SIG_DFL);
        for (int number = 0; number < 3; ++number)
            if (const int fd = options.stdio.at(static_cast<std::size_t>(number)); fd != number)
                ::dup2(fd, number);
        if (options.terminal && ::ioctl(0, TIOCSCTTY, 0) != 0)
            ::_exit(90);
        std::vector<char*> words;
        for (const auto& word : argv)
            words.push_back(const_cast<char*>(word.c_str()));
        words.push_back(nullptr);
        ::execvp(words[0], words.data());
        ::_exit(91);
    }

    pid_t pid_ = 0;
    int away_ = 0;
    std::function<void()> asked_ = [] {};
};

inline int runCommand(const std::vector<std::string>& argv, bool interactive = false) {
    try {
        LocalClient local;
        return client::runThroughDaemon(local, {"web", {}, argv, interactive});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "failed: %s\n", error.what());
        return 125;
    }
}

// nsctl with a terminal, for which nsd runs a command.
class Session : public ::testing::Test {
  protected:
    void start(const std::vector<std::string>& argv) {
        terminal.start([&] { return runCommand(argv); });
    }
    void startScript(const std::string& script) { start({"sh", "-c", script}); }
    void expectTheModesOfBefore() const {
        const auto after = terminal.modes();
        EXPECT_EQ(after.c_iflag, before.c_iflag);
        EXPECT_EQ(after.c_oflag, before.c_oflag);
        EXPECT_EQ(after.c_lflag, before.c_lflag);
    }

    TestTerminal terminal;
    termios before = terminal.modes();
};

} // namespace nsd::test
