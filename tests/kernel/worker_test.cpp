// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/protocol/channel.hpp"
#include "tests/kernel/worker_process.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using namespace protocol;
using std::chrono::milliseconds;

class Worker : public testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }
    static NamespaceSpec specOf(NamespaceTypes types) {
        NamespaceSpec spec;
        spec.types = types;
        return spec;
    }
};

std::string mountNamespaceOf(pid_t pid) {
    struct stat status {};
    EXPECT_EQ(::stat(("/proc/" + std::to_string(pid) + "/ns/mnt").c_str(), &status), 0);
    return std::to_string(status.st_ino);
}

TEST_F(Worker, LivesInAMountNamespaceOfItsOwn) {
    WorkerProcess worker;
    EXPECT_NE(mountNamespaceOf(worker.process().pid()), mountNamespaceOf(::getpid()));
}

TEST_F(Worker, JoinsTheBaseOfAnother) {
    WorkerProcess first;
    const auto file = "/proc/" + std::to_string(first.process().pid()) + "/ns/mnt";
    const UniqueFd base(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    auto [ours, theirs] = socketPair();
    CommandOptions options;
    options.descriptors = {{3, theirs.get()}, {4, base.get()}};
    BackgroundProcess second({workerProgram(), "--join"}, options);
    ASSERT_TRUE(receivePacket(ours.get()).has_value());
    EXPECT_EQ(mountNamespaceOf(second.pid()), mountNamespaceOf(first.process().pid()));
}

TEST_F(Worker, KeepsOnlyItsOwnDescriptors) {
    WorkerProcess worker;
    const auto before = descriptorsOf(worker.process().pid());
    for (int i = 0; i < 3; ++i)
        static_cast<void>(worker.make(specOf(NamespaceTypes::all())));
    NamespaceSpec wrong = specOf({NamespaceType::Net, NamespaceType::Pid});
    wrong.sysctls = {{"net.no", "1"}};
    EXPECT_THROW(static_cast<void>(worker.make(wrong)), Error);
    EXPECT_EQ(descriptorsOf(worker.process().pid()).size(), before.size());
}

TEST_F(Worker, TakesNothingAlongThatItWasLeft) {
    CommandOptions options;
    auto [ours, theirs] = socketPair();
    const TempDir directory;
    options.descriptors = {{3, theirs.get()}, {4, 0}, {5, 0}, {77, 0}};
    BackgroundProcess worker({workerProgram(), "--base=" + directory.path().string()}, options);
    ASSERT_TRUE(receivePacket(ours.get()).has_value());
    // The three of stdio, the socket, /proc and nsd-init.
    EXPECT_EQ(descriptorsOf(worker.pid()).size(), 6U);
}

TEST_F(Worker, EndsWithTheSocket) {
    WorkerProcess worker;
    worker.hangUp();
    EXPECT_EQ(worker.process().wait(milliseconds(10'000)), 0);
}

TEST_F(Worker, SaysHowItIsRun) {
    for (const auto& argv : {Arguments{workerProgram()}, Arguments{workerProgram(), "--base=relative"},
             Arguments{workerProgram(), "--base="}, Arguments{workerProgram(), "--join", "more"}}) {
        const auto result = run(argv);
        EXPECT_EQ(result.status, 1);
        EXPECT_NE(result.err.find("usage: nsd-worker"), std::string::npos) << result.err;
    }
}

TEST_F(Worker, AnswersNonsenseWithAnErrorAndLivesOn) {
    WorkerProcess worker;
    for (const auto* text : {"", "{", R"({"steal":{}})", R"({"make":{"spec":{}}})"}) {
        const auto answer = worker.askRaw(text);
        const auto* error = std::get_if<Error>(&answer.reply);
        ASSERT_NE(error, nullptr);
        EXPECT_EQ(error->code(), Errc::KernelError);
    }
    EXPECT_EQ(worker.make(specOf({NamespaceType::Uts})).fds.size(), 1U);
}

TEST_F(Worker, RefusesWrongDescriptors) {
    WorkerProcess worker;
    const auto answer = worker.ask(MakeRequest{specOf({NamespaceType::Uts}), 0, true});
    EXPECT_TRUE(std::holds_alternative<Error>(answer.reply));
    EXPECT_TRUE(std::holds_alternative<Error>(worker.ask(DropRequest{}).reply));
    EXPECT_TRUE(std::holds_alternative<Error>(worker.ask(LinksRequest{}, {0}).reply));
}

TEST_F(Worker, AControlGroupThatIsNoneIsAnErrorThatNamesTheStep) {
    WorkerProcess worker;
    const UniqueFd noGroup(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    const auto text = errorTextOf(Errc::KernelError,
        [&] { static_cast<void>(worker.make(specOf({NamespaceType::Cgroup}), 0, noGroup.get())); });
    EXPECT_NE(text.find("enter the control group"), std::string::npos) << text;
}

TEST_F(Worker, DropsOnlyOnceTheSenderHasClosedItsOwn) {
    WorkerProcess worker;
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    auto made = worker.make(specOf({NamespaceType::Net}));
    worker.send(DropRequest{}, {made.fd(NamespaceType::Net), reader.get()});
    made.fds.clear();
    const auto holdsNet = [&] {
        const auto all = descriptorsOf(worker.process().pid());
        return std::any_of(
            all.begin(), all.end(), [](const auto& text) { return text.rfind("net", 0) == 0; });
    };
    EXPECT_TRUE(eventually(holdsNet));
    EXPECT_FALSE(worker.hasAnswered(milliseconds(200)));
    EXPECT_TRUE(holdsNet());
    writer.reset();
    EXPECT_TRUE(std::holds_alternative<DropReply>(worker.receive().reply));
    EXPECT_FALSE(holdsNet());
}

TEST_F(Worker, DiesWithItsParent) {
    // A shell in between that starts it and is killed.
    auto [ours, theirs] = socketPair();
    adoptOrphans();
    CommandOptions options;
    options.descriptors[3] = theirs.get();
    const TempDir directory;
    BackgroundProcess parent(
        {"sh", "-c", R"("$0" "$@"; exit)", workerProgram(), "--base=" + directory.path().string()}, options);
    theirs.reset();
    ASSERT_TRUE(receivePacket(ours.get()).has_value());
    parent.kill();
    EXPECT_FALSE(receivePacket(ours.get()).has_value());
    EXPECT_TRUE(eventually([] {
        reapOrphans();
        return descendantsOf(::getpid()).empty();
    }));
}

TEST_F(Worker, AKilledOneLeavesNoMakerAndNoInit) {
    adoptOrphans();
    for (int i = 0; i < 20; ++i) {
        WorkerProcess worker;
        // Killed at a moment of its own while it makes all eight.
        BackgroundProcess killer({"sh", "-c", "kill -9 " + std::to_string(worker.process().pid())});
        try {
            for (;;)
                static_cast<void>(worker.make(specOf(NamespaceTypes::all())));
        } catch (const std::exception&) {
            static_cast<void>(killer.wait(milliseconds(10'000)));
        }
        worker.process().kill();
        EXPECT_TRUE(eventually([] {
            reapOrphans();
            return descendantsOf(::getpid()).empty();
        }));
    }
}

} // namespace
} // namespace nsd::test
