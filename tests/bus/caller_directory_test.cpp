// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/caller_directory.hpp"

#include "dbus/compat.hpp"
#include "dbus/loop_attachment.hpp"
#include "systemd/event_loop.hpp"
#include "tests/bus/bus_client.hpp"
#include "tests/bus/bus_fixture.hpp"
#include "tests/support/require.hpp"

#include <unistd.h>

namespace nsd::test {
namespace {

using bus::CallerDirectory;

class CallerDirectoryTest : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("dbus-daemon");
        bus_ = std::make_unique<TestBus>();
        loop_ = std::make_unique<EventLoop>(log_);
        connection_ = dbus::openBusAt(bus_->address());
        attachment_ = std::make_unique<dbus::LoopAttachment>(*connection_, loop_->handle(), log_);
    }

    [[nodiscard]] std::unique_ptr<CallerDirectory> directory(CallerDirectory::Limits limits = {}) {
        return std::make_unique<CallerDirectory>(*connection_, limits);
    }
    [[nodiscard]] std::unique_ptr<BusClient> client(std::optional<uid_t> user = std::nullopt) {
        return std::make_unique<BusClient>(bus_->address(), loop_->handle(), user);
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

    RecordingLog log_;
    std::unique_ptr<TestBus> bus_;
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<sdbus::IConnection> connection_;
    std::unique_ptr<dbus::LoopAttachment> attachment_;
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
    const auto guest = client(nobody);
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
