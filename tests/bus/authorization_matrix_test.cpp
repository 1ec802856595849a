// SPDX-License-Identifier: LGPL-2.1-or-later
// Who may call what: every method, by every kind of caller, with everything that polkit can say, over
// the daemon's own bus objects and polkit authority. What is expected is authorization_table.hpp.
#include "tests/bus/authorization_calls.hpp"
#include "tests/bus/authorization_table.hpp"
#include "tests/bus/polkit_fixture.hpp"

#include "daemon/core/grants.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <regex>
#include <set>

namespace nsd::test {
namespace {

using Answer = FakePolkit::Answer;
using Needs = MatrixCall::Needs;
using Leaves = MatrixCall::Leaves;

constexpr auto denied = "org.freedesktop.DBus.Error.AccessDenied";
constexpr auto invalid = "org.nsd1.Error.InvalidArgument";
constexpr auto wantsPassword = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired";

constexpr uid_t owner = 1000;
constexpr uid_t grantedUser = 1001;
constexpr gid_t grantedGroup = 2000;
constexpr uid_t grantedOtherwise = 1003;

enum class Polkit { Yes, No, Challenge, Hangs, Absent, Error, CallerGone, PrivateBus };

struct Mode {
    Polkit polkit;
    const char* name;
};
constexpr std::array modes{Mode{Polkit::Yes, "Yes"}, Mode{Polkit::No, "No"},
    Mode{Polkit::Challenge, "Challenge"}, Mode{Polkit::Hangs, "Hangs"}, Mode{Polkit::Absent, "Absent"},
    Mode{Polkit::Error, "Error"}, Mode{Polkit::CallerGone, "CallerGone"},
    Mode{Polkit::PrivateBus, "PrivateBus"}};

// A column of the table, and who stands for it.
struct Role {
    const char* name;
    uid_t uid;
    std::vector<gid_t> groups;
    May Expectation::*column;
};
const std::array roles{
    Role{"root", 0, {0}, &Expectation::root},
    Role{"owner", owner, {owner}, &Expectation::owner},
    Role{"granted user", grantedUser, {grantedUser}, &Expectation::granted},
    Role{"member of a granted group", 1002, {1002, grantedGroup}, &Expectation::granted},
    Role{"granted all but this", grantedOtherwise, {grantedOtherwise}, &Expectation::others},
    Role{"other", 1004, {1004}, &Expectation::others},
    Role{"nobody", nobody, {nobody}, &Expectation::nobody},
    Role{"other with a large uid", 4'000'000'000, {4'000'000'000}, &Expectation::others},
};

std::vector<std::string> grantableRights() {
    return {"enter", "fds", "hold", "link", "manage", "socket", "view"};
}

bool isView(const Expectation& expected) {
    const auto method = std::string(expected.call).substr(0, std::string(expected.call).find(' '));
    return std::find(views.begin(), views.end(), method) != views.end();
}

const MatrixCall* callOf(const Expectation& expected) {
    const auto calls = matrixCalls();
    const auto found = std::find_if(calls.begin(), calls.end(),
        [&](const MatrixCall& call) { return std::string_view(call.call) == expected.call; });
    return found == calls.end() ? nullptr : &*found;
}

class AuthorizationMatrix : public PolkitBusTest, public testing::WithParamInterface<Mode> {
  protected:
    void SetUp() override {
        quotas_.namespaces = quotas_.leases = quotas_.processes = quotas_.calls = 1'000'000;
        PolkitBusTest::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        reload_ = [this] { ++reloads_; };
        for (const auto& role : roles)
            clients_[role.name] = join(role);
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
    void TearDown() override {
        clients_.clear();
        PolkitBusTest::TearDown();
    }
    [[nodiscard]] std::unique_ptr<TestBus> makeBus() override {
        std::vector<uid_t> users;
        for (const auto& role : roles)
            users.push_back(role.uid);
        return std::make_unique<TestBus>("", users);
    }
    [[nodiscard]] Authority& authority() override {
        // That of the daemon's private bus is the DenyAuthority.
        return GetParam().polkit == Polkit::PrivateBus ? *authority_ : PolkitBusTest::authority();
    }

    // A client whom the daemon knows already, so that it asks nobody but polkit any more.
    [[nodiscard]] std::unique_ptr<BusClient> join(const Role& role) {
        auto client = std::make_unique<BusClient>(bus_->address(), loop_->handle(), role.uid, role.groups);
        EXPECT_EQ(client->manager("List", "a{sv}", 0)->error, "") << role.name;
        return client;
    }

    void set(const Expectation& expected, const MatrixCall& call);
    void clear();
    void startCommand();
    // All that a call can change and nobody but a call does.
    [[nodiscard]] std::string state() const;

    void tryOne(const Expectation& expected, const MatrixCall& call, const Role& role);
    void callAndWait(const Expectation& expected, const MatrixCall& call, const Role& role);
    void callAndLeave(const Expectation& expected, const MatrixCall& call, const Role& role);
    [[nodiscard]] AnswerPtr start(BusClient& client, const MatrixCall& call) {
        return client.start(call.path(stage_), call.interface().c_str(), call.method().c_str(),
            [&](sd_bus_message* message) { call.fill(message, stage_); });
    }
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
    void expectDecision(const Expectation& expected, May may);

    std::map<std::string, std::unique_ptr<BusClient>> clients_;
    Stage stage_;
    std::string before_;
    std::size_t asked_ = 0; // questions before the call
    int reloads_ = 0;
};

void AuthorizationMatrix::clear() {
    for (const auto* record : namespaces_->list({}))
        namespaces_->destroy(record->uuid, {.force = true, .patience = {}}, [](const auto& /*outcome*/) {});
    root_->turnUntil([&] { return namespaces_->count() == 0; });
    settle();
}

void AuthorizationMatrix::set(const Expectation& expected, const MatrixCall& call) {
    clear();
    stage_ = {};
    CreateRequest request{.name = Name("web")};
    request.spec.types = {NamespaceType::Net};
    if (call.has("rootless") && call.method() != "Create")
        request.spec.types.insert(NamespaceType::User);
    request.spec.owner = request.owner = owner;
    request.callerGroups = {owner};
    bool made = false;
    namespaces_->create(std::move(request), [&](const Outcome<Uuid>& outcome) { made = outcome.ok(); });
    root_->turnUntil([&] { return made; });
    const auto& record = namespaces_->find(Name("web"));
    stage_.path = "/org/nsd1/namespace/" + record.uuid.str();

    auto rights = grantableRights();
    auto others = rights;
    if (*expected.right != '\0') {
        rights = {expected.right};
        std::erase(others, expected.right);
    } else {
        others = {"view"}; // there is no right that would do it
    }
    auto grants = withGrant({}, makeGrant("user", grantedUser, rights));
    grants = withGrant(grants, makeGrant("group", grantedGroup, rights));
    grants = withGrant(grants, makeGrant("user", grantedOtherwise, others));
    grants = withGrant(grants, makeGrant("user", 9, {"view"})); // to be revoked
    namespaces_->setGrants(record.uuid, grants);

    kernel_->forbidUserNamespaces(call.has("off"));
    switch (call.needs) {
    case Needs::Nothing:
        break;
    case Needs::OwnPin:
        stage_.fd = std::move(namespaces_->open(record.uuid, {NamespaceType::Net}).at(NamespaceType::Net));
        kernel_->answerProcess({.uid = owner, .namespaces = {}});
        break;
    case Needs::OwnersNet:
    case Needs::RootsNet: {
        stage_.fd = kernel_->foreignNamespace(NamespaceType::Net);
        const bool foreign = call.needs == Needs::OwnersNet;
        kernel_->answerOwnership(
            stage_.fd.get(), {.ofHost = false, .user = {}, .foreign = foreign, .owner = foreign ? owner : 0});
        break;
    }
    case Needs::Process:
    case Needs::EndedProcess:
        startCommand();
        break;
    }
    if (call.needs == Needs::EndedProcess)
        launcher_->end(launcher_->lastPid(), CLD_EXITED, 0);
    settle();
}

void AuthorizationMatrix::startCommand() {
    const auto answer = clients_.at("owner")->object(stage_.path, "Exec", "asa{sv}", 1, "/bin/true", 0);
    ASSERT_EQ(answer->error, "") << answer->text;
    const auto quote = answer->text.find('"');
    stage_.process = answer->text.substr(quote + 1, answer->text.find('"', quote + 1) - quote - 1);
}

std::string AuthorizationMatrix::state() const {
    std::set<std::string> lines; // the files of the pins, and what is recorded
    for (const auto& entry : std::filesystem::recursive_directory_iterator(pins_.path())) {
        lines.insert(entry.path().string());
        if (entry.path().filename() == "meta")
            lines.insert(readFile(entry.path()));
    }
    std::string text = "reloads " + std::to_string(reloads_) + " sockets " +
                       std::to_string(kernel_->sockets().size()) + " commands " +
                       std::to_string(launcher_->launches().size()) + " signals " +
                       std::to_string(launcher_->signals().size());
    for (const auto& line : lines)
        text += '\n' + line;
    return text;
}

// Exactly one decision was written down, and polkit was asked what the table says, or nothing.
void AuthorizationMatrix::expectDecision(const Expectation& expected, May may) {
    if (isView(expected)) {
        EXPECT_EQ(audit_.decisions.size(), 0U);
    } else {
        ASSERT_EQ(audit_.decisions.size(), 1U);
        const auto& decision = audit_.decisions.front();
        EXPECT_EQ(decision.allowed, hasRight(may)) << decision.why;
        EXPECT_EQ(
            std::string(decision.method).substr(0, decision.method.find(' ')), callOf(expected)->method());
    }
    const auto& questions = polkit_->questions();
    ASSERT_EQ(questions.size() - asked_, isAsked(may) ? 1U : 0U);
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
    }
    if (!isView(expected))
        root_->turnUntil([&] { return !audit_.decisions.empty(); });
    const bool leavesTrace = isDone(may) && call.leaves == Leaves::Trace;
    if (leavesTrace)
        root_->turnUntil([&] { return state() != before_; });
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->error, "");
    settle();
    if (call.leaves != Leaves::TraceOfTheCaller) {
        EXPECT_EQ(state() != before_, leavesTrace);
    }
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
    expectDecision(expected, expected.*role.column);
}

TEST_P(AuthorizationMatrix, isAsTheInterfaceSays) {
    for (const auto& expected : expectations) {
        const auto* const call = callOf(expected);
        ASSERT_NE(call, nullptr) << expected.call;
        set(expected, *call);
        for (const auto& role : roles) {
            tryOne(expected, *call, role);
            if (HasFatalFailure())
                return;
            settle();
            if (state() != before_)
                set(expected, *call);
        }
    }
    clear();
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
    EXPECT_GE(expectations.size() * roles.size() * modes.size(), 800U);
}

} // namespace
} // namespace nsd::test
