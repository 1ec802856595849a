// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/polkit_fixture.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace nsd::test {
namespace {

using Answer = FakePolkit::Answer;

// Clients that call what they have no right to and leave at any moment, while polkit takes its time
// and says yes when they have gone. One seed is one storm.
class PolkitStormTest : public PolkitBusTest {
  protected:
    void SetUp() override {
        PolkitBusTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        web_ = create("web", {"net", "uts"});
        // The first question makes what is made on demand (the loop's timer); that is no leak.
        polkit_->answerWith(Answer::No);
        clientAs(nobody)->manager("Rename", "ss", "web", "mine");
        polkit_->answerWith(Answer::Never);
        random_.seed(20'100'225);
    }

    [[nodiscard]] std::size_t below(std::size_t limit) { return random_() % limit; }

    // A call that changes something or hands something out, by one who is not allowed to.
    void callSomething(BusClient& client) {
        const auto call = [&](const char* method, const BusClient::Fill& fill) {
            calls_.push_back(client.start("/org/nsd1", "org.nsd1.Manager", method,
                [&fill, interactive = below(2) == 0](sd_bus_message* message) {
                    fill(message);
                    sd_bus_message_set_allow_interactive_authorization(message, interactive ? 1 : 0);
                }));
        };
        switch (below(6)) {
        case 0:
            return call("Rename", BusClient::filled("ss", "web", "mine"));
        case 1:
            return call("Destroy", BusClient::filled("sa{sv}", "web", 1, "force", "b", 1));
        case 2:
            return call("SetLabels", BusClient::filled("sa{ss}", "web", 1, "owner", "me"));
        case 3:
            return call("Enter", BusClient::filled("sasa{sv}", "web", 0, 0));
        case 4:
            return call("Create", BusClient::filled("sasa{sv}", "mine", 1, "uts", 0));
        default:
            return call("Grant", BusClient::filled("ssuas", "web", "user", 33U, 1, "fds"));
        }
    }

    // Everything on the bus goes on for a moment.
    void turns(std::size_t count) {
        for (std::size_t i = 0; i < count && sd_event_run(loop_->handle(), 0) > 0; ++i) {
        }
    }

    // What polkit, and so nsd before it, has heard of.
    static bool hasLeft(const FakePolkit::Question& question) {
        return question.subjectLeft || question.cancelled;
    }

    // To those who are still there no clear yes; to those who are not, nothing else, but late.
    void answerSome() {
        constexpr std::array others{Answer::No, Answer::Challenge, Answer::Failure, Answer::Malformed};
        for (; firstOpen_ < polkit_->questions().size() && !polkit_->questions()[firstOpen_]->open;
             ++firstOpen_) {
        }
        for (auto i = firstOpen_; i < polkit_->questions().size(); ++i) {
            const auto& question = *polkit_->questions()[i];
            if (question.open && below(4) == 0)
                polkit_->answer(i, hasLeft(question) ? Answer::Yes : others.at(below(others.size())));
        }
    }

    std::string web_;
    std::mt19937 random_;
    std::vector<AnswerPtr> calls_;
    std::size_t firstOpen_ = 0;
};

TEST_F(PolkitStormTest, tenThousandCallsOfClientsThatLeaveChangeNothing) {
    settle();
    const auto fdsBefore = countOpenFds();
    const auto kernelBefore = kernel_->calls().size();
    const auto record = namespaces_->find(Name("web"));
    std::vector<std::unique_ptr<BusClient>> clients;
    constexpr std::size_t enough = 10'000;
    while (calls_.size() < enough) {
        clients.push_back(clientAs(knownUsers.at(1 + below(knownUsers.size() - 1)))); // not root
        for (auto left = 1 + below(4); left > 0; --left)
            callSomething(*clients.back());
        turns(below(12));
        polkit_->heedsCancel = below(3) != 0;
        answerSome();
        constexpr std::size_t together = 24;
        while (clients.size() > below(together)) {
            const auto leaver = clients.begin() + static_cast<std::ptrdiff_t>(below(clients.size()));
            clients.erase(leaver);
            turns(below(4));
        }
    }
    clients.clear();
    root_->turnUntil([&] {
        for (std::size_t i = 0; i < polkit_->questions().size(); ++i)
            if (hasLeft(*polkit_->questions()[i]))
                polkit_->answer(i, Answer::Yes);
        return asking_->open() == 0;
    });
    settle();

    EXPECT_GT(polkit_->questions().size(), enough / 10) << "polkit was hardly asked";
    EXPECT_GT(polkit_->cancelled(), 100U) << "hardly anybody left while polkit was thinking";
    std::size_t answered = 0;
    for (const auto& call : calls_) {
        answered += call->done ? 1 : 0;
        EXPECT_TRUE(!call->done || !call->error.empty()) << call->text;
    }
    EXPECT_GT(answered, enough / 10) << "hardly anybody heard a no";
    for (const auto& decision : audit_.decisions)
        EXPECT_TRUE(!decision.allowed || decision.caller.uid == ::getuid()) << decision.method;
    EXPECT_EQ(namespaces_->count(), 1U);
    EXPECT_EQ(namespaces_->find(Name("web")).uuid, record.uuid);
    EXPECT_EQ(namespaces_->find(Name("web")).labels, record.labels);
    EXPECT_EQ(namespaces_->find(Name("web")).grants, record.grants);
    EXPECT_EQ(kernel_->calls().size(), kernelBefore);
    EXPECT_EQ(countOpenFds(), fdsBefore);
}

} // namespace
} // namespace nsd::test
