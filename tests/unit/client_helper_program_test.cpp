// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Programs that nsctl starts beside itself: what reaches them, and how they end.
#include "client/helper_program.hpp"
#include "common/error.hpp"
#include "common/unique_fd.hpp"
#include "tests/support/temp_dir.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>

namespace nsd::test {
namespace {

using client::HelperProgram;

int statusOf(const std::string& script) {
    return HelperProgram({.line = {"sh", "-c", script}}).wait();
}

UniqueFd openNull() {
    return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

TEST(HelperProgramTest, AnswersHowItHasEnded) {
    EXPECT_EQ(statusOf("exit 7"), 7);
    EXPECT_EQ(statusOf("kill -USR1 $$"), 128 + SIGUSR1);
}

TEST(HelperProgramTest, SaysWhyItCannotBeExecuted) {
    try {
        const HelperProgram program({.line = {"nsd-has-no-such-program"}});
        FAIL() << "it runs";
    } catch (const Error& error) {
        EXPECT_EQ(error.errnoValue(), ENOENT);
        EXPECT_NE(error.text().find("nsd-has-no-such-program"), std::string::npos) << error.text();
    }
}

TEST(HelperProgramTest, GetsTheDescriptorsThatItIsGivenAndNoOther) {
    const TempDir directory;
    const UniqueFd out(::open((directory / "out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const auto kept = openNull();
    const auto other = openNull();
    const auto at = [](const UniqueFd& fd) { return "/proc/self/fd/" + std::to_string(fd.get()); };
    HelperProgram program({.line = {"sh", "-c",
                               "readlink /proc/self/fd/0; test -e " + at(kept) + " || echo lost; test -e " +
                                   at(other) + " && echo leaked; exit 0"},
        .in = other.get(),
        .out = out.get(),
        .kept = kept.get()});
    EXPECT_EQ(program.wait(), 0);
    EXPECT_EQ(readFile(directory / "out"), "/dev/null\n");
}

// nsctl blocks all of them while it stands in for a command.
TEST(HelperProgramTest, HasNoSignalBlocked) {
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::sigprocmask(SIG_BLOCK, &all, &before);
    // Not from sh(1), which unblocks them itself.
    HelperProgram program({.line = {"grep", "-q", "SigBlk:.0000000000000000", "/proc/self/status"}});
    const int status = program.wait();
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    EXPECT_EQ(status, 0);
}

TEST(HelperProgramTest, EndsWithItsOwner) {
    const TempDir directory;
    const auto file = (directory / "ended").string();
    const auto fifo = (directory / "ready").string();
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    {
        const HelperProgram program(
            {.line = {"sh", "-c",
                 "sleep 1000 & trap \"kill $!; echo yes >" + file + "; exit\" TERM; : >" + fifo + "; wait"}});
        const UniqueFd ready(::open(fifo.c_str(), O_RDONLY | O_CLOEXEC));
    }
    EXPECT_EQ(readFile(file), "yes\n");
}

} // namespace
} // namespace nsd::test
