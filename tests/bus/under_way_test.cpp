// SPDX-License-Identifier: LGPL-2.1-or-later
// Calls whose answer takes its time, and callers who do not wait for it.
#include "tests/bus/bus_fixture.hpp"

#include <algorithm>

namespace nsd::test {
namespace {

using namespace std::chrono_literals;

class UnderWay : public BusTest {
  protected:
    AnswerPtr startCreate(BusClient& client, const char* name) {
        return client.start(
            "/org/nsd1", "org.nsd1.Manager", "Create", BusClient::filled("sasa{sv}", name, 1, "net", 0));
    }
    // The service has seen everything that root sent before this.
    void reach() { ASSERT_EQ(root_->manager("List", "a{sv}", 0)->error, ""); }
};

TEST_F(UnderWay, othersAreServedMeanwhile) {
    create("web", {"net"});
    kernel_->holdAnswers();
    const auto slow = startCreate(*root_, "slow");
    EXPECT_EQ(root_->manager("Enter", "sasa{sv}", "web", 0, 0)->error, "");
    EXPECT_FALSE(slow->done);
    kernel_->releaseAnswers();
    root_->turnUntil([&] { return slow->done; });
    EXPECT_EQ(slow->error, "");
}

TEST_F(UnderWay, aNamespaceIsVisibleOnlyWhenItIsComplete) {
    kernel_->holdAnswers();
    const auto slow = startCreate(*root_, "slow");
    reach();
    EXPECT_EQ(root_->manager("Get", "s", "slow")->error, "org.nsd1.Error.NoSuchNamespace");
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->text, "[]");
    const auto second = startCreate(*root_, "slow");
    root_->turnUntil([&] { return second->done; });
    EXPECT_EQ(second->error, "org.nsd1.Error.NameExists");
    EXPECT_FALSE(slow->done);
    kernel_->releaseAnswers();
    root_->turnUntil([&] { return slow->done; });
    EXPECT_EQ(slow->error, "");
}

TEST_F(UnderWay, aCallerWhoGoesAwayHarmsNobody) {
    reach();
    auto leaver = std::make_unique<BusClient>(bus_->address(), loop_->handle());
    EXPECT_EQ(leaver->manager("List", "a{sv}", 0)->error, "");
    kernel_->forgetCalls();
    kernel_->holdAnswers();
    static_cast<void>(startCreate(*leaver, "left"));
    root_->turnUntil([&] { return kernel_->calls() == std::vector<std::string>{"make"}; });
    leaver->vanish();
    reach();
    kernel_->releaseAnswers();
    root_->turnUntil([&] { return namespaces_->count() == 1; });
    EXPECT_EQ(root_->manager("Destroy", "sa{sv}", "left", 0)->error, "");
}

TEST_F(UnderWay, aCallerWhoIsGoneBeforeAnybodyKnewHimGetsNothing) {
    reach();
    auto leaver = std::make_unique<BusClient>(bus_->address(), loop_->handle());
    kernel_->forgetCalls();
    static_cast<void>(startCreate(*leaver, "left"));
    leaver->vanish();
    // The bus daemon reads the call and the end of the connection before it hears of this one.
    auto next = std::make_unique<BusClient>(bus_->address(), loop_->handle());
    EXPECT_EQ(next->manager("List", "a{sv}", 0)->text, "[]");
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_EQ(kernel_->calls(), std::vector<std::string>{});
}

TEST_F(UnderWay, aNamespaceThatGoesWhileItsListIsMadeStaysInThePage) {
    create("a", {"net"});
    create("b", {"net"});
    kernel_->delayAnswers(100ms);
    const auto listed = root_->start(
        "/org/nsd1", "org.nsd1.Manager", "List", BusClient::filled("a{sv}", 1, "with", "as", 1, "processes"));
    const auto destroyed =
        root_->start("/org/nsd1", "org.nsd1.Manager", "Destroy", BusClient::filled("sa{sv}", "a", 0));
    root_->turnUntil([&] { return listed->done && destroyed->done; });
    EXPECT_EQ(destroyed->error, "");
    EXPECT_NE(listed->text.find("\"a\""), std::string::npos) << listed->text;
    EXPECT_NE(listed->text.find("\"b\""), std::string::npos) << listed->text;
}

TEST_F(UnderWay, manyCallsAtOnceAreAllAnswered) {
    std::vector<AnswerPtr> answers;
    for (int i = 0; i < 100; ++i)
        answers.push_back(startCreate(*root_, ("n" + std::to_string(i)).c_str()));
    root_->turnUntil([&] {
        return std::all_of(answers.begin(), answers.end(), [](const auto& answer) { return answer->done; });
    });
    for (const auto& answer : answers)
        EXPECT_EQ(answer->error, "") << answer->text;
    EXPECT_EQ(namespaces_->count(), 100U);
}

TEST_F(UnderWay, whatIsUnderWayAtTheEndIsAnsweredWithAnError) {
    kernel_->holdAnswers();
    const auto slow = startCreate(*root_, "slow");
    reach();
    service_.reset();
    processes_.reset();
    views_.reset();
    namespaces_.reset();
    kernel_.reset();
    root_->turnUntil([&] { return slow->done; });
    EXPECT_EQ(slow->error, "org.nsd1.Error.KernelError");
}

} // namespace
} // namespace nsd::test
