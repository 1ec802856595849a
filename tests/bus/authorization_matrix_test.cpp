// SPDX-License-Identifier: LGPL-2.1-or-later
// Who may call what: every method, by every kind of caller, with everything that polkit can say, over
// the daemon's own bus objects and polkit authority. What is expected is authorization_table.hpp.
#include "tests/bus/authorization_fixture.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>
#include <set>

namespace nsd::test {
namespace {

using Answer = FakePolkit::Answer;
using Leaves = MatrixCall::Leaves;

constexpr auto denied = "org.freedesktop.DBus.Error.AccessDenied";
constexpr auto invalid = "org.nsd1.Error.InvalidArgument";
constexpr auto wantsPassword = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired";

enum class Polkit { Yes, No, Challenge, Hangs, Absent, Error, CallerGone, PrivateBus };

struct Mode {
    Polkit polkit;
    const char* name;
};
constexpr std::array modes{Mode{Polkit::Yes, "Yes"}, Mode{Polkit::No, "No"},
    Mode{Polkit::Challenge, "Challenge"}, Mode{Polkit::Hangs, "Hangs"}, Mode{Polkit::Absent, "Absent"},
    Mode{Polkit::Error, "Error"}, Mode{Polkit::CallerGone, "CallerGone"},
    Mode{Polkit::PrivateBus, "PrivateBus"}};

bool isView(const Expectation& expected) {
    const auto method = std::string(expected.call).substr(0, std::string(expected.call).find(' '));
    return std::find(views.begin(), views.end(), method) != views.end();
}

// What is about two namespaces, or a new one and something else, is decided on twice where the first answer
// is a yes.
std::size_t decisionsOn(const MatrixCall& call, bool allowed) {
    return allowed && (call.has("between") || call.has("links") || call.has("publish")) ? 2 : 1;
}

// The second decision is a question as the first one, but for what everybody may.
std::size_t questionsAbout(const MatrixCall& call, bool allowed) {
    return call.method() == "Create" ? 1 : decisionsOn(call, allowed);
}

const MatrixCall* callOf(const Expectation& expected) {
    const auto calls = matrixCalls();
    const auto found = std::find_if(calls.begin(), calls.end(),
        [&](const MatrixCall& call) { return std::string_view(call.call) == expected.call; });
    return found == calls.end() ? nullptr : &*found;
}

class AuthorizationMatrix : public AuthorizationFixture, public testing::WithParamInterface<Mode> {
  protected:
    void SetUp() override {
        AuthorizationFixture::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        switch (GetParam().polkit) {
        case Polkit::Yes:
            polkit_->answerWith(Answer::Yes);
            break;
        case Polkit::No:
            polkit_->answerWith(Answer::No);
            break;
        case Polkit::Challenge:
            polkit_->answerWith(Answer::Challenge);
            break;
        case Polkit::Hangs:
            polkit_->answerWith(Answer::Never);
            break;
        case Polkit::Absent:
            polkit_->leave();
            break;
        case Polkit::Error:
            polkit_->answerWith(Answer::Failure);
            break;
        case Polkit::CallerGone:
            polkit_->answerWith(Answer::Never);
            polkit_->heedsCancel = false;
            break;
        case Polkit::PrivateBus:
            break;
        }
    }
    [[nodiscard]] Authority& authority() override {
        // That of the daemon's private bus is the DenyAuthority.
        return GetParam().polkit == Polkit::PrivateBus ? *authority_ : PolkitBusTest::authority();
    }

    void tryOne(const Expectation& expected, const MatrixCall& call, const Role& role);
    void callAndWait(const Expectation& expected, const MatrixCall& call, const Role& role);
    void callAndLeave(const Expectation& expected, const MatrixCall& call, const Role& role);
    [[nodiscard]] bool isAsked(May may) const {
        return (may == May::Ask || may == May::AskInVain) && GetParam().polkit != Polkit::Absent &&
               GetParam().polkit != Polkit::PrivateBus;
    }
    // Whether the decision is a yes, and whether something comes of it.
    [[nodiscard]] bool hasRight(May may) const {
        return may == May::Yes || may == May::InVain ||
               ((may == May::Ask || may == May::AskInVain) && GetParam().polkit == Polkit::Yes);
    }
    [[nodiscard]] bool isDone(May may) const {
        return hasRight(may) && may != May::InVain && may != May::AskInVain;
    }
    void expectDecision(const Expectation& expected, const MatrixCall& call, const Role& role);

    std::string before_;
    std::size_t asked_ = 0; // questions before the call
    std::size_t tried_ = 0;
};

// On what ground somebody has the right who has it.
std::string groundOf(const Expectation& expected, May may, const Role& role) {
    if (may == May::Ask || may == May::AskInVain)
        return "polkit";
    if (role.uid == 0)
        return role.ground;
    if (expected.needs == Right::CreateRootless)
        return "everybody";
    return expected.needs == Right::Process ? "owner" : role.ground; // of the command
}

// Exactly one decision was written down, and polkit was asked what the table says, or nothing.
void AuthorizationMatrix::expectDecision(
    const Expectation& expected, const MatrixCall& call, const Role& role) {
    const auto may = expected.*role.column;
    if (isView(expected)) {
        EXPECT_EQ(audit_.decisions.size(), 0U);
    } else {
        ASSERT_EQ(audit_.decisions.size(), decisionsOn(call, hasRight(may)));
        const auto& decision = audit_.decisions.front();
        EXPECT_EQ(decision.allowed, hasRight(may)) << decision.why;
        EXPECT_EQ(std::string(decision.method).substr(0, decision.method.find(' ')), call.method());
        EXPECT_EQ(toWord(decision.right), toWord(expected.needs));
        EXPECT_EQ(decision.caller.uid, role.uid);
        if (hasRight(may)) {
            EXPECT_EQ(decision.why, groundOf(expected, may, role));
        }
    }
    const auto& questions = polkit_->questions();
    ASSERT_EQ(questions.size() - asked_, isAsked(may) ? questionsAbout(call, hasRight(may)) : 0U);
    if (isAsked(may)) {
        EXPECT_EQ(questions.back()->action, expected.action);
    }
}

void AuthorizationMatrix::callAndWait(const Expectation& expected, const MatrixCall& call, const Role& role) {
    const auto may = expected.*role.column;
    auto& client = *clients_.at(role.name);
    const auto answer = start(client, call);
    if (GetParam().polkit == Polkit::Hangs && isAsked(may)) {
        client.turnUntil([&] { return answer->done || polkit_->open() == 1; });
        settle();
        EXPECT_FALSE(answer->done) << answer->error;
        EXPECT_EQ(state(), before_) << "while polkit hangs";
        polkit_->answerOpen(Answer::No); // the end of its patience is a test of its own
    }
    client.turnUntil([&] { return answer->done; });
    settle();
    const bool challenged = isAsked(may) && GetParam().polkit == Polkit::Challenge;
    if (isDone(may)) {
        EXPECT_EQ(answer->error, "") << answer->text;
    } else if (hasRight(may)) {
        EXPECT_TRUE(answer->error == denied || answer->error == invalid) << answer->error << answer->text;
    } else {
        EXPECT_EQ(answer->error, challenged ? wantsPassword : denied) << answer->text;
    }
    EXPECT_EQ(state() != before_, isDone(may) && call.leaves != Leaves::Nothing);
}

// The caller leaves while the question is open, and polkit says yes to nobody.
void AuthorizationMatrix::callAndLeave(
    const Expectation& expected, const MatrixCall& call, const Role& role) {
    const auto may = expected.*role.column;
    auto client = join(role);
    const auto answer = start(*client, call);
    if (isAsked(may))
        root_->turnUntil([&] { return answer->done || polkit_->open() == 1; });
    client->vanish();
    if (isAsked(may)) {
        root_->turnUntil([&] { return polkit_->questions().back()->cancelled; });
        polkit_->answerOpen(Answer::Yes);
        polkit_->awaitDelivery();
        root_->turnUntil([&] { return asking_->open() == 0; });
        settle();
    }
    if (!isView(expected))
        root_->turnUntil([&] { return !audit_.decisions.empty(); });
    const bool leavesTrace = isDone(may) && call.leaves == Leaves::Trace;
    if (leavesTrace)
        root_->turnUntil([&] { return state() != before_; });
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->error, "");
    settle();
    if (isDone(may) && call.leaves == Leaves::TraceOfTheCaller)
        root_->turnUntil([&] { return state() == before_; });
    EXPECT_EQ(state() != before_, leavesTrace);
}

void AuthorizationMatrix::tryOne(const Expectation& expected, const MatrixCall& call, const Role& role) {
    SCOPED_TRACE(std::string(expected.call) + " as " + role.name);
    audit_.decisions.clear();
    asked_ = polkit_->questions().size();
    before_ = state();
    if (GetParam().polkit == Polkit::CallerGone)
        callAndLeave(expected, call, role);
    else
        callAndWait(expected, call, role);
    expectDecision(expected, call, role);
    ++tried_;
}

TEST_P(AuthorizationMatrix, isAsTheInterfaceSays) {
    for (const auto& expected : expectations) {
        const auto* const call = callOf(expected);
        ASSERT_NE(call, nullptr) << expected.call;
        setStage(expected, *call);
        for (const auto& role : matrixRoles()) {
            tryOne(expected, *call, role);
            if (HasFatalFailure())
                return;
            settle();
            if (call->leaves == Leaves::TraceOfTheCaller)
                root_->turnUntil([&] { return state() == before_; });
            else if (state() != before_)
                setStage(expected, *call);
        }
    }
    clearStage();
    EXPECT_GE(tried_, 300U);
}

INSTANTIATE_TEST_SUITE_P(Polkit, AuthorizationMatrix, testing::ValuesIn(modes),
    [](const testing::TestParamInfo<Mode>& mode) { return std::string(mode.param.name); });

// "Manager.Create" of all interfaces that there are.
std::set<std::string> methodsOfTheContract() {
    std::set<std::string> methods;
    const std::regex method("<method name=\"([A-Za-z]+)\"");
    for (const auto& entry : std::filesystem::directory_iterator(NSD_TEST_SOURCE_DIR "/dbus")) {
        if (entry.path().extension() != ".xml")
            continue;
        const auto xml = readFile(entry.path());
        const auto interface = entry.path().stem().extension().string().substr(1); // org.nsd1.Manager
        for (std::sregex_iterator next(xml.begin(), xml.end(), method), end; next != end; ++next)
            methods.insert(interface + '.' + (*next)[1].str());
    }
    return methods;
}

TEST(AuthorizationTable, HasEveryMethodOfTheContractAndNoOther) {
    std::set<std::string> expected;
    for (const auto& row : expectations)
        expected.insert(std::string(row.call).substr(0, std::string(row.call).find(' ')));
    EXPECT_EQ(expected, methodsOfTheContract());
}

TEST(AuthorizationTable, IsTriedAsAWhole) {
    std::set<std::string> expected;
    std::set<std::string> tried;
    for (const auto& row : expectations)
        EXPECT_TRUE(expected.insert(row.call).second) << row.call << " is there twice";
    for (const auto& call : matrixCalls())
        EXPECT_TRUE(tried.insert(call.call).second) << call.call << " is tried twice";
    EXPECT_EQ(expected, tried);
}

} // namespace
} // namespace nsd::test
