// SPDX-License-Identifier: LGPL-2.1-or-later
// What a plugin is when it is started, and what is left of it.
#include "daemon/cni/child_program.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <gtest/gtest.h>
#include <poll.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::cni {
namespace {

// A shell that reads its commands from its input; longer than what a std::string keeps within itself.
const std::string shell = "/usr/bin/../../usr/bin/../../bin/sh";
const std::vector<std::string> environment{"PATH=/usr/bin:/bin"};

// Its first line.
std::string lineOf(const ChildProgram& program) {
    std::string line;
    std::array<char, 1> byte{};
    pollfd readable{program.output(), POLLIN, 0};
    while (::poll(&readable, 1, -1) == 1 && ::read(program.output(), byte.data(), 1) == 1 && byte[0] != '\n')
        line += byte[0];
    return line;
}

int waitForEnd(ChildProgram& program) {
    pollfd ended{program.pidfd(), POLLIN, 0};
    EXPECT_EQ(::poll(&ended, 1, -1), 1);
    return program.status();
}

TEST(ChildProgram, isToldItsPathAsItsName) {
    ChildProgram program(shell, environment, "echo $0\n");
    EXPECT_EQ(lineOf(program), shell);
    EXPECT_EQ(waitForEnd(program), 0);
}

TEST(ChildProgram, diesOfABrokenPipeAsProgramsDo) {
    const auto before = ::signal(SIGPIPE, SIG_IGN);
    ChildProgram program(shell, environment, "kill -PIPE $$; echo ignored\n");
    ::signal(SIGPIPE, before);
    const int status = waitForEnd(program);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE) << status;
}

TEST(Orphans, andTheirChildrenAreEnded) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    ChildProgram program(shell, environment, "(sleep 20 & echo started; wait) &\n");
    EXPECT_EQ(lineOf(program), "started");
    EXPECT_EQ(waitForEnd(program), 0);
    const auto begin = std::chrono::steady_clock::now();
    killOrphans();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10)) << "nobody is waited for";
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

} // namespace
} // namespace nsd::cni
