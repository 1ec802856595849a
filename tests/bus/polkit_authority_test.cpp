// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/polkit_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace nsd::test {
namespace {

using Answer = FakePolkit::Answer;

constexpr auto denied = "org.freedesktop.DBus.Error.AccessDenied";
constexpr auto wantsPassword = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired";
constexpr auto tooMany = "org.nsd1.Error.LimitExceeded";

class PolkitAuthorityTest : public PolkitBusTest {
  protected:
    void SetUp() override {
        PolkitBusTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        web_ = create("web", {"net", "uts"});
        guest_ = clientAs(nobody);
    }
    void TearDown() override {
        guest_.reset();
        PolkitBusTest::TearDown();
    }

    [[nodiscard]] static BusClient::Fill renameWeb(bool interactive = false) {
        return [interactive](sd_bus_message* message) {
            sd_bus_message_append(message, "ss", "web", "shop");
            sd_bus_message_set_allow_interactive_authorization(message, interactive ? 1 : 0);
        };
    }
    AnswerPtr startRename(BusClient& client, bool interactive = false) {
        return client.start("/org/nsd1", "org.nsd1.Manager", "Rename", renameWeb(interactive));
    }
    AnswerPtr rename(bool interactive = false) {
        auto answer = startRename(*guest_, interactive);
        guest_->turnUntil([&] { return answer->done; });
        return answer;
    }
    void turnUntilAsked(std::size_t questions) {
        root_->turnUntil([&] { return polkit_->questions().size() >= questions; });
    }
    // Whatever polkit has said has arrived by then, and what came of it is done.
    void expectNothingHappened() {
        polkit_->awaitDelivery();
        root_->turnUntil([&] { return asking_->open() == 0; });
        settle();
        EXPECT_EQ(nameOf(web_), "\"web\"");
    }

    std::string web_;
    std::unique_ptr<BusClient> guest_;
};

TEST_F(PolkitAuthorityTest, aYesLetsTheCallGoOn) {
    EXPECT_EQ(rename()->error, "");
    EXPECT_EQ(nameOf(web_), "\"shop\"");
    EXPECT_EQ(asking_->open(), 0U);
}

TEST_F(PolkitAuthorityTest, theQuestionSaysWhoWantsWhatOnWhich) {
    rename();
    ASSERT_EQ(polkit_->questions().size(), 1U);
    const auto& question = *polkit_->questions().front();
    EXPECT_EQ(question.sender, connection_->getUniqueName()) << "the daemon's own connection";
    EXPECT_EQ(question.subjectKind, "system-bus-name");
    EXPECT_EQ(question.subject, guest_->uniqueName());
    EXPECT_EQ(question.action, "org.nsd1.manage");
    const std::map<std::string, std::string> details{
        {"namespace", "web"}, {"owner", "0"}, {"right", "manage"}, {"types", "net uts"}};
    EXPECT_EQ(question.details, details);
    EXPECT_FALSE(question.interactive);
    EXPECT_NE(question.cancellationId, "");
}

TEST_F(PolkitAuthorityTest, theUserIsAskedWhereTheMessageAllowsIt) {
    rename(true);
    ASSERT_EQ(polkit_->questions().size(), 1U);
    EXPECT_TRUE(polkit_->questions().front()->interactive);
}

TEST_F(PolkitAuthorityTest, cancellationIdsAreNotUsedTwice) {
    polkit_->answerWith(Answer::No);
    rename();
    rename();
    EXPECT_NE(polkit_->questions()[0]->cancellationId, polkit_->questions()[1]->cancellationId);
}

struct Refusal {
    Answer answer;
    const char* error;
    const char* why;
};

TEST_F(PolkitAuthorityTest, whateverElseItSaysIsANo) {
    const std::vector<Refusal> refusals{
        {Answer::No, denied, "polkit says no"},
        {Answer::Challenge, wantsPassword, "polkit wants a password"},
        {Answer::Dismissed, denied, "dismissed"},
        {Answer::Failure, denied, "something is broken"},
        {Answer::Malformed, denied, "cannot be understood"},
    };
    for (const auto& [answer, error, why] : refusals) {
        polkit_->answerWith(answer);
        const auto reply = rename();
        EXPECT_EQ(reply->error, error) << why;
        EXPECT_NE(reply->text.find(why), std::string::npos) << reply->text;
        EXPECT_NE(reply->text.find("lacks the right \"manage\" on namespace \"web\""), std::string::npos)
            << reply->text;
        expectNothingHappened();
    }
}

TEST_F(PolkitAuthorityTest, withoutPolkitTheAnswerIsNo) {
    polkit_->leave();
    const auto reply = rename();
    EXPECT_EQ(reply->error, denied);
    EXPECT_NE(reply->text.find("polkit cannot be asked"), std::string::npos) << reply->text;
    expectNothingHappened();
}

TEST_F(PolkitAuthorityTest, aPolkitThatDiesIsANo) {
    polkit_->answerWith(Answer::Never);
    const auto reply = startRename(*guest_);
    turnUntilAsked(1);
    polkit_->leave();
    guest_->turnUntil([&] { return reply->done; });
    EXPECT_EQ(reply->error, denied);
    expectNothingHappened();
}

TEST_F(PolkitAuthorityTest, aCallerWhoLeavesCancelsItsQuestion) {
    polkit_->answerWith(Answer::Never);
    const auto reply = startRename(*guest_, true);
    turnUntilAsked(1);
    guest_->vanish();
    root_->turnUntil([&] { return polkit_->cancelled() == 1; });
    expectNothingHappened();
    EXPECT_FALSE(audit_.decisions.back().allowed);
}

TEST_F(PolkitAuthorityTest, aYesThatComesAfterTheCallerLeftIsNone) {
    polkit_->answerWith(Answer::Never);
    polkit_->heedsCancel = false;
    const auto reply = startRename(*guest_, true);
    turnUntilAsked(1);
    guest_->vanish();
    root_->turnUntil([&] { return polkit_->cancelled() == 1; });
    EXPECT_EQ(asking_->open(), 1U) << "polkit still works on it";
    polkit_->answerOpen(Answer::Yes);
    expectNothingHappened();
}

TEST_F(PolkitAuthorityTest, aYesRightBehindTheNewsThatTheCallerLeftIsNone) {
    // Both are there when nsd next looks, and it reads both before what it posts has its turn.
    sd_event* raw = nullptr;
    ASSERT_GE(sd_event_new(&raw), 0);
    const std::unique_ptr<sd_event, decltype(&sd_event_unref)> apart(raw, &sd_event_unref);
    polkit_->leave();
    FakePolkit polkit(bus_->address(), apart.get());
    polkit.answerWith(Answer::Never);
    polkit.yesToWhoLeaves = true;
    const auto turnPolkitUntil = [&](const auto& holds) {
        while (!holds())
            ASSERT_GE(sd_event_run(apart.get(), UINT64_MAX), 0);
    };
    const auto reply = startRename(*guest_);
    root_->turnUntil([&] { return asking_->open() == 1; });
    settle();
    turnPolkitUntil([&] { return polkit.questions().size() == 1; });
    guest_->vanish();
    turnPolkitUntil([&] { return polkit.questions().front()->subjectLeft; });
    polkit.awaitDelivery();
    EXPECT_EQ(asking_->open(), 1U) << "nsd has heard of nothing yet";
    root_->turnUntil([&] { return asking_->open() == 0; });
    EXPECT_EQ(polkit.cancelled(), 0U);
    expectNothingHappened();
    polkit.leave();
}

TEST_F(PolkitAuthorityTest, aYesForAnotherNamespaceOfTheSameNameIsNone) {
    polkit_->answerWith(Answer::Never);
    const auto reply = startRename(*guest_);
    turnUntilAsked(1);
    EXPECT_EQ(root_->manager("Destroy", "sa{sv}", "web", 0)->error, "");
    const auto heir = create("web", {"net", "uts"});
    polkit_->answerOpen(Answer::Yes);
    guest_->turnUntil([&] { return reply->done; });
    EXPECT_EQ(reply->error, denied);
    EXPECT_EQ(nameOf(heir), "\"web\"");
}

TEST_F(PolkitAuthorityTest, oneUserHasOnlyFourQuestions) {
    polkit_->answerWith(Answer::Never);
    std::vector<std::unique_ptr<BusClient>> clients;
    std::vector<AnswerPtr> replies;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(clientAs(nobody));
        replies.push_back(startRename(*clients.back()));
    }
    guest_->turnUntil([&] {
        return std::any_of(replies.begin(), replies.end(), [](const auto& reply) { return reply->done; });
    });
    const auto refused =
        std::find_if(replies.begin(), replies.end(), [](const auto& reply) { return reply->done; });
    EXPECT_EQ((*refused)->error, tooMany);
    turnUntilAsked(4);
    EXPECT_EQ(asking_->open(), 4U);
    polkit_->answerOpen(Answer::No);
    guest_->turnUntil([&] {
        return std::all_of(replies.begin(), replies.end(), [](const auto& reply) { return reply->done; });
    });
    polkit_->answerWith(Answer::Yes);
    EXPECT_EQ(rename()->error, "") << "the places are free again";
}

TEST_F(PolkitAuthorityTest, thoseWhoLeftCountUntilPolkitHasAnswered) {
    polkit_->answerWith(Answer::Never);
    polkit_->heedsCancel = false;
    for (std::size_t i = 1; i <= 4; ++i) {
        const auto leaver = clientAs(nobody);
        const auto reply = startRename(*leaver);
        turnUntilAsked(i);
        leaver->vanish();
        root_->turnUntil([&] { return polkit_->cancelled() == i; });
    }
    EXPECT_EQ(rename()->error, tooMany);
    polkit_->answerOpen(Answer::Yes);
    expectNothingHappened();
}

TEST_F(PolkitAuthorityTest, nothingHappensAfterItsEnd) {
    polkit_->answerWith(Answer::Never);
    const auto reply = startRename(*guest_);
    turnUntilAsked(1);
    service_.reset();
    endAuthority();
    polkit_->answerOpen(Answer::Yes);
    polkit_->awaitDelivery();
    settle();
    EXPECT_EQ(namespaces_->count(), 1U);
    EXPECT_NO_THROW((void)namespaces_->find(Name("web")));
}

class ImpatientTest : public PolkitAuthorityTest {
  protected:
    [[nodiscard]] bus::PolkitAuthority::Limits limits() const override {
        bus::PolkitAuthority::Limits limits;
        limits.all = 3;
        limits.plainPatience = std::chrono::milliseconds(20);
        return limits;
    }
};

TEST_F(ImpatientTest, whereNobodyIsAskedSilenceIsSoonANo) {
    polkit_->answerWith(Answer::Never);
    const auto reply = rename();
    EXPECT_EQ(reply->error, denied);
    EXPECT_NE(reply->text.find("did not answer in time"), std::string::npos) << reply->text;
    root_->turnUntil([&] { return polkit_->cancelled() == 1; });
    expectNothingHappened();
}

TEST_F(ImpatientTest, aUserHasMoreTime) {
    polkit_->answerWith(Answer::Never);
    const auto reply = startRename(*guest_, true);
    turnUntilAsked(1);
    const auto other = rename(); // gives up, and was asked later
    EXPECT_EQ(other->error, denied);
    EXPECT_FALSE(reply->done);
    polkit_->answer(0, Answer::Yes);
    guest_->turnUntil([&] { return reply->done; });
    EXPECT_EQ(reply->error, "");
}

TEST_F(ImpatientTest, allUsersTogetherHaveOnlySoManyQuestions) {
    polkit_->answerWith(Answer::Never);
    std::vector<std::unique_ptr<BusClient>> clients;
    std::vector<AnswerPtr> replies;
    for (std::size_t i = 1; i <= 4; ++i) {
        clients.push_back(clientAs(knownUsers.at(i)));
        replies.push_back(startRename(*clients.back(), true));
    }
    guest_->turnUntil([&] {
        return std::any_of(replies.begin(), replies.end(), [](const auto& reply) { return reply->done; });
    });
    turnUntilAsked(3);
    EXPECT_EQ(
        std::count_if(replies.begin(), replies.end(), [](const auto& reply) { return reply->done; }), 1);
    EXPECT_EQ(
        (*std::find_if(replies.begin(), replies.end(), [](const auto& reply) { return reply->done; }))->error,
        tooMany);
    polkit_->answerOpen(Answer::No);
}

} // namespace
} // namespace nsd::test
