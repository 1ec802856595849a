// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/caller_directory.hpp"

#include "tests/bus/bus_connection_fixture.hpp"
#include "tests/support/require.hpp"

#include <unistd.h>

namespace nsd::test {
namespace {

using bus::CallerDirectory;

class CallerDirectoryTest : public BusConnectionTest {
  protected:
    [[nodiscard]] std::unique_ptr<CallerDirectory> directory(CallerDirectory::Limits limits = {}) {
        return std::make_unique<CallerDirectory>(*connection_, limits);
    }
    // An answer that is collected; several in their order.
    bus::CallerAnswer collect() {
        return [this](const Outcome<Caller>& outcome) { answers_.push_back(outcome); };
    }
    void turnUntilAnswers(BusClient& client, std::size_t count) {
        client.turnUntil([&] { return answers_.size() >= count; });
    }
    [[nodiscard]] std::string errorOf(std::size_t index) {
        return answers_[index].ok() ? "" : std::string(toWord(answers_[index].error().code()));
    }

    std::vector<Outcome<Caller>> answers_;
};

TEST_F(CallerDirectoryTest, saysWhoIsBehindAName) {
    const auto callers = directory();
    const auto known = client();
    callers->ask(known->uniqueName(), collect());
    EXPECT_TRUE(answers_.empty());
    turnUntilAnswers(*known, 1);
    ASSERT_TRUE(answers_[0].ok());
    EXPECT_EQ(answers_[0].value().uid, ::geteuid());
    EXPECT_EQ(answers_[0].value().busName, known->uniqueName());
}

TEST_F(CallerDirectoryTest, believesTheBusAndNotProc) {
    NSD_REQUIRE_ROOT();
    const auto callers = directory();
    const auto guest = clientAs(nobody);
    ASSERT_EQ(::geteuid(), 0U) << "the process behind the connection is root by now";
    callers->ask(guest->uniqueName(), collect());
    turnUntilAnswers(*guest, 1);
    ASSERT_TRUE(answers_[0].ok());
    EXPECT_EQ(answers_[0].value().uid, nobody);
}

TEST_F(CallerDirectoryTest, knowsTheGroups) {
    const auto callers = directory();
    const auto known = client();
    callers->ask(known->uniqueName(), collect());
    turnUntilAnswers(*known, 1);
    const auto& groups = answers_[0].value().groups;
    EXPECT_NE(std::find(groups.begin(), groups.end(), ::getegid()), groups.end());
}

TEST_F(CallerDirectoryTest, joinsQuestionsForOneName) {
    const auto callers = directory();
    const auto known = client();
    for (int i = 0; i < 3; ++i)
        callers->ask(known->uniqueName(), collect());
    turnUntilAnswers(*known, 3);
    EXPECT_EQ(callers->questions(), 1U);
}

TEST_F(CallerDirectoryTest, answersAtOnceWhatItKnows) {
    const auto callers = directory();
    const auto known = client();
    callers->ask(known->uniqueName(), collect());
    turnUntilAnswers(*known, 1);
    callers->ask(known->uniqueName(), collect());
    EXPECT_EQ(answers_.size(), 2U);
    EXPECT_EQ(callers->questions(), 1U);
}

TEST_F(CallerDirectoryTest, forgetsWhoVanished) {
    const auto callers = directory();
    const auto observer = client();
    const auto leaver = client();
    const auto name = leaver->uniqueName();
    callers->ask(name, collect());
    turnUntilAnswers(*observer, 1);
    EXPECT_EQ(callers->remembered(), 1U);
    leaver->vanish();
    observer->turnUntil([&] { return callers->remembered() == 0; });
    callers->ask(name, collect());
    turnUntilAnswers(*observer, 2);
    EXPECT_EQ(errorOf(1), "AccessDenied");
    EXPECT_EQ(callers->remembered(), 0U);
}

TEST_F(CallerDirectoryTest, refusesANameThatNobodyHas) {
    const auto callers = directory();
    const auto observer = client();
    callers->ask(":1.4711", collect());
    turnUntilAnswers(*observer, 1);
    EXPECT_EQ(errorOf(0), "AccessDenied");
    EXPECT_NE(answers_[0].error().text().find(":1.4711"), std::string::npos);
}

TEST_F(CallerDirectoryTest, anAnswerThatComesTooLateIsANo) {
    CallerDirectory::Limits limits;
    limits.patience = std::chrono::microseconds(1); // over before the loop can turn
    const auto callers = directory(limits);
    const auto known = client();
    callers->ask(known->uniqueName(), collect());
    turnUntilAnswers(*known, 1);
    EXPECT_EQ(errorOf(0), "AccessDenied");
    EXPECT_EQ(callers->remembered(), 0U);
}

TEST_F(CallerDirectoryTest, remembersTheOnesUsedLast) {
    CallerDirectory::Limits limits;
    limits.remembered = 2;
    const auto callers = directory(limits);
    const auto a = client();
    const auto b = client();
    const auto c = client();
    std::size_t asked = 0;
    for (const auto* who : {a.get(), b.get(), a.get(), c.get()}) {
        callers->ask(who->uniqueName(), collect());
        turnUntilAnswers(*a, ++asked);
    }
    EXPECT_EQ(callers->remembered(), 2U);
    EXPECT_EQ(callers->questions(), 3U);
    callers->ask(a->uniqueName(), collect());
    EXPECT_EQ(callers->questions(), 3U) << "a was used after b";
    callers->ask(b->uniqueName(), collect());
    EXPECT_EQ(callers->questions(), 4U);
    turnUntilAnswers(*a, asked + 2);
}

TEST_F(CallerDirectoryTest, asksOnlySoManyQuestionsAtOnce) {
    CallerDirectory::Limits limits;
    limits.asked = 1;
    const auto callers = directory(limits);
    const auto a = client();
    const auto b = client();
    callers->ask(a->uniqueName(), collect());
    callers->ask(b->uniqueName(), collect());
    ASSERT_EQ(answers_.size(), 1U);
    EXPECT_EQ(errorOf(0), "LimitExceeded");
    turnUntilAnswers(*a, 2);
    EXPECT_EQ(errorOf(1), "");
}

} // namespace
} // namespace nsd::test
