// SPDX-License-Identifier: LGPL-2.1-or-later
// Who runs when, and that each run has its answer; nsd-cni is played by the test.
#include "daemon/kernel/plugin_runner.hpp"
#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/plugin_messages.hpp"
#include "tests/kernel/kernel_fixture.hpp"

#include <fcntl.h>
#include <utility>

namespace nsd::test {
namespace {

// Each program that is started waits for the test to say its answer.
class PlayedPrograms final : public SupervisorStarter {
  public:
    void start(SupervisorStart start, Completion<Done> /*done*/) override {
        sockets.push_back(std::move(start.socket));
    }
    void answer(std::size_t which, const Outcome<Done>& reply) {
        EXPECT_TRUE(protocol::receivePacket(sockets.at(which).get()));
        protocol::sendPacket(sockets.at(which).get(), protocol::encode(reply), {});
        sockets.at(which).reset();
    }
    std::vector<UniqueFd> sockets;
};

class PluginRunnerTest : public testing::Test {
  protected:
    PluginRunnerTest() { runner_.startWith(programs_); }
    Answer<Done> run(const std::string& network) {
        Answer<Done> answer;
        UniqueFd record(::open("/dev/null", O_RDWR | O_CLOEXEC));
        runner_.run({.record = std::move(record), .network = network}, answer.completion());
        return answer;
    }
    [[nodiscard]] bool comes(const Answer<Done>& answer) {
        return loop_.turnUntil([&] { return answer.there(); }, std::chrono::seconds(5));
    }

    TurnedLoop loop_;
    PlayedPrograms programs_;
    PluginRunner runner_{loop_.loop(), "/run/nsd/ns", {}};
};

TEST_F(PluginRunnerTest, RunsOfOneNetworkFollowOneAnother) {
    const auto first = run("lan");
    const auto second = run("lan");
    const auto third = run("lan");
    ASSERT_EQ(programs_.sockets.size(), 1U);
    programs_.answer(0, Done{});
    EXPECT_TRUE(comes(first));
    loop_.turnAll();
    ASSERT_EQ(programs_.sockets.size(), 2U);
    programs_.answer(1, Error(Errc::KernelError, "cni: bridge: no"));
    EXPECT_TRUE(comes(second));
    loop_.turnAll();
    ASSERT_EQ(programs_.sockets.size(), 3U);
    programs_.answer(2, Done{});
    EXPECT_TRUE(comes(third));
}

TEST_F(PluginRunnerTest, ThoseOfDifferentOnesDoNotWait) {
    const auto first = run("lan");
    const auto second = run("wan");
    ASSERT_EQ(programs_.sockets.size(), 2U);
    programs_.answer(1, Done{});
    EXPECT_TRUE(comes(second));
    EXPECT_FALSE(first.there());
}

TEST_F(PluginRunnerTest, AProgramThatEndsWithoutAWordIsAnError) {
    const auto first = run("lan");
    const auto second = run("lan");
    programs_.sockets.at(0).reset();
    EXPECT_TRUE(comes(first));
    loop_.turnAll();
    ASSERT_EQ(programs_.sockets.size(), 2U);
    programs_.answer(1, Done{});
    EXPECT_TRUE(comes(second));
}

} // namespace
} // namespace nsd::test
