// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/event_loop.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace nsd {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

class RecordingLog final : public Log {
  public:
    void write(Level level, std::string_view text) noexcept override {
        if (level == Level::Error)
            errors.emplace_back(text);
    }
    std::vector<std::string> errors;
};

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
            throw kernelError("make", "a pipe", errno);
        read.reset(ends[0]);
        write.reset(ends[1]);
    }
    void fill() const { ASSERT_EQ(::write(write.get(), "x", 1), 1); }
    UniqueFd read;
    UniqueFd write;
};

// A child that ends with a status once `go` closes, so that a test decides when.
pid_t childThatEnds(int status, Pipe& go) {
    const pid_t child = ::fork();
    if (child == 0) {
        go.write.reset();
        ::fcntl(go.read.get(), F_SETFL, 0);
        char byte = 0;
        ::_exit(::read(go.read.get(), &byte, 1) == 0 ? status : 99);
    }
    return child;
}

void waitUntilItIsAZombie(pid_t child) {
    siginfo_t info{};
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
}

class EventLoopTest : public testing::Test {
  protected:
    // A test that waits for what never comes ends as failed, not never.
    int run() {
        const auto watchdog = loop.after(std::chrono::seconds(20), [&] { loop.exit(77); });
        return loop.run();
    }

    RecordingLog log;
    EventLoop loop{log};
};

TEST_F(EventLoopTest, exitEndsItWithTheStatus) {
    loop.post([&] { loop.exit(5); });
    EXPECT_EQ(run(), 5);
}

TEST_F(EventLoopTest, postedWorkRunsLaterAndInOrder) {
    std::string order;
    loop.post([&] {
        order += 'a';
        loop.post([&] {
            order += 'c';
            loop.exit(0);
        });
    });
    loop.post([&] { order += 'b'; });
    EXPECT_EQ(order, "");
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(order, "abc");
}

TEST_F(EventLoopTest, discardedWorkDoesNotRunAndLetsGoOfWhatItHeld) {
    auto held = std::make_shared<int>(1);
    loop.post([held] { ADD_FAILURE() << "it ran"; });
    loop.discardPosted();
    EXPECT_EQ(held.use_count(), 1);
}

TEST_F(EventLoopTest, aReadableDescriptorIsTold) {
    const Pipe pipe;
    std::uint32_t seen = 0;
    const auto source = loop.watch(pipe.read.get(), EPOLLIN, [&](std::uint32_t events) {
        seen = events;
        loop.exit(0);
    });
    pipe.fill();
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(seen, EPOLLIN);
}

#ifndef NDEBUG
TEST_F(EventLoopTest, aDescriptorThatIsClosedBeforeItsSourceEndsATest) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_DEATH(
        {
            Pipe watched;
            auto source = loop.watch(watched.read.get(), EPOLLIN, [](std::uint32_t) {});
            watched.read.reset();
            const Pipe sameNumber;
            source.reset();
        },
        "was closed while the event loop watched it");
}
#endif

TEST_F(EventLoopTest, aDescriptorThatCannotBeWatchedIsAnError) {
    EXPECT_THROW((void)loop.watch(-1, EPOLLIN, [](std::uint32_t) {}), Error);
}

TEST_F(EventLoopTest, aDestroyedSourceIsSilent) {
    const Pipe pipe;
    loop.watch(pipe.read.get(), EPOLLIN, [&](std::uint32_t) { ADD_FAILURE(); }).reset();
    loop.after(microseconds(0), [] { ADD_FAILURE(); }).reset();
    pipe.fill();
    const auto end = loop.after(milliseconds(20), [&] { loop.exit(0); });
    EXPECT_EQ(run(), 0);
}

TEST_F(EventLoopTest, aSourceMayBeDestroyedInItsOwnHandler) {
    const Pipe pipe;
    auto held = std::make_shared<int>(7); // what the handler owns must live until it returns
    Loop::SourcePtr source;
    int calls = 0;
    source = loop.watch(pipe.read.get(), EPOLLIN, [&, held](std::uint32_t) {
        source.reset();
        calls += *held == 7 ? 1 : 100;
        loop.post([&] { loop.exit(0); });
    });
    pipe.fill();
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(held.use_count(), 1);
}

TEST_F(EventLoopTest, aSourceMayBeDestroyedInAnothersHandler) {
    const Pipe first;
    const Pipe second;
    std::array<Loop::SourcePtr, 2> sources;
    int calls = 0;
    const auto onlyOne = [&](std::uint32_t) {
        ++calls;
        sources = {};
        loop.post([&] { loop.exit(0); });
    };
    sources[0] = loop.watch(first.read.get(), EPOLLIN, onlyOne);
    sources[1] = loop.watch(second.read.get(), EPOLLIN, onlyOne);
    first.fill();
    second.fill();
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopTest, aTimerFiresOnceAndNotBeforeItsTime) {
    const auto start = loop.now();
    int calls = 0;
    const auto timer = loop.after(milliseconds(20), [&] {
        ++calls;
        EXPECT_GE(loop.now() - start, milliseconds(20));
    });
    const auto end = loop.after(milliseconds(60), [&] { loop.exit(0); });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopTest, aTimerForLongAfterTheEndOfTheWorldIsFine) {
    const auto timer = loop.after(microseconds::max(), [] { ADD_FAILURE(); });
    loop.post([&] { loop.exit(0); });
    EXPECT_EQ(run(), 0);
}

TEST_F(EventLoopTest, aHandlersExceptionIsLoggedAndEndsItWithAnError) {
    loop.post([] { throw std::runtime_error("no good"); });
    EXPECT_EQ(run(), EXIT_FAILURE);
    ASSERT_EQ(log.errors.size(), 1U);
    EXPECT_NE(log.errors[0].find("no good"), std::string::npos);
}

TEST_F(EventLoopTest, aLaterSuccessDoesNotHideAFailure) {
    loop.post([&] {
        loop.exit(3);
        loop.exit(0);
    });
    EXPECT_EQ(run(), 3);
}

TEST_F(EventLoopTest, sigtermAndSigintEndItWithSuccess) {
    for (const int signal : {SIGTERM, SIGINT}) {
        EventLoop one(log);
        ::raise(signal);
        EXPECT_EQ(one.run(), 0);
    }
}

TEST_F(EventLoopTest, sighupCallsTheHook) {
    loop.onHangUp([&] { loop.exit(4); });
    ::raise(SIGHUP);
    EXPECT_EQ(run(), 4);
}

TEST_F(EventLoopTest, sighupAloneIsNoEnd) {
    ::raise(SIGHUP);
    const auto end = loop.after(milliseconds(20), [&] { loop.exit(6); });
    EXPECT_EQ(run(), 6);
}

TEST_F(EventLoopTest, aReaderOfThePipeWhoLeavesIsAnErrorAndNoDeath) {
    Pipe pipe;
    pipe.read.reset();
    EXPECT_EQ(::write(pipe.write.get(), "x", 1), -1);
    EXPECT_EQ(errno, EPIPE);
}

TEST_F(EventLoopTest, aChildsStatusIsTold) {
    Pipe go;
    int seen = -1;
    const auto source = loop.onExit(childThatEnds(42, go), [&](int status) {
        seen = status;
        loop.exit(0);
    });
    go.write.reset();
    EXPECT_EQ(run(), 0);
    EXPECT_TRUE(WIFEXITED(seen));
    EXPECT_EQ(WEXITSTATUS(seen), 42);
}

TEST_F(EventLoopTest, aChildThatNobodyAskedForIsReaped) {
    Pipe go;
    const pid_t child = childThatEnds(0, go);
    go.write.reset();
    waitUntilItIsAZombie(child);
    loop.post([&] { loop.exit(0); });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

TEST_F(EventLoopTest, whoeverAsksAfterTheChildWasReapedIsToldToo) {
    Pipe go;
    const pid_t child = childThatEnds(9, go);
    go.write.reset();
    waitUntilItIsAZombie(child);
    Loop::SourcePtr source;
    int seen = -1;
    loop.post([&] {
        EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), -1) << "it is not reaped";
        source = loop.onExit(child, [&](int status) {
            seen = status;
            loop.exit(0);
        });
    });
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(WEXITSTATUS(seen), 9);
}

TEST_F(EventLoopTest, aProcessThatIsNoChildIsAnError) {
    EXPECT_THROW((void)loop.onExit(::getppid(), [](int) {}), Error);
}

TEST_F(EventLoopTest, severalMayAskForTheSameChildAndOneMayDropTheOthers) {
    Pipe go;
    const pid_t child = childThatEnds(0, go);
    std::array<Loop::SourcePtr, 2> sources;
    int calls = 0;
    for (auto& source : sources)
        source = loop.onExit(child, [&](int) {
            ++calls;
            sources = {};
            loop.post([&] { loop.exit(0); });
        });
    go.write.reset();
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopTest, whatIsPostedToALoopThatHasEndedIsDiscarded) {
    EventLoop one(log);
    one.exit(0);
    EXPECT_EQ(one.run(), 0);
    EXPECT_NO_THROW(one.post([] { ADD_FAILURE(); }));
    one.discardPosted();
}

TEST_F(EventLoopTest, aSourceMayOutliveTheLoop) {
    const Pipe pipe;
    Loop::SourcePtr source;
    {
        EventLoop one(log);
        source = one.watch(pipe.read.get(), EPOLLIN, [](std::uint32_t) { ADD_FAILURE(); });
    }
    source.reset();
}

} // namespace
} // namespace nsd
