// SPDX-License-Identifier: LGPL-2.1-or-later
// Who may call what. The callers are this process under other uids: what the bus saw at connect time
// is what counts, and /proc would say root.
#include "tests/bus/bus_fixture.hpp"

#include "common/error.hpp"
#include "daemon/core/rights.hpp"
#include "tests/support/require.hpp"

#include <chrono>
#include <fcntl.h>

namespace nsd::test {
namespace {

constexpr uid_t user = 1; // "daemon": every host has an entry for it
constexpr auto denied = "org.freedesktop.DBus.Error.AccessDenied";

class AccessTest : public BusTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        BusTest::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        web_ = create("web", {"net"});
        guest_ = clientAs(nobody);
    }
    void TearDown() override {
        guest_.reset();
        BusTest::TearDown();
    }

    std::string web_;
    std::unique_ptr<BusClient> guest_;
};

struct Attempt {
    const char* method;
    std::function<AnswerPtr(BusClient&, const std::string& object)> call;
};

// Everything that changes state or hands out descriptors, in both forms.
const std::vector<Attempt> forRootAlone{
    {"Create", [](BusClient& client,
                   const std::string&) { return client.manager("Create", "sasa{sv}", "mine", 1, "net", 0); }},
    {"Enter", [](BusClient& client,
                  const std::string&) { return client.manager("Enter", "sasa{sv}", "web", 0, 0); }},
    {"Rename",
        [](BusClient& client, const std::string&) { return client.manager("Rename", "ss", "web", "mine"); }},
    {"Destroy",
        [](BusClient& client, const std::string&) { return client.manager("Destroy", "sa{sv}", "web", 0); }},
    {"SetLabels",
        [](BusClient& client, const std::string&) {
            return client.manager("SetLabels", "sa{ss}", "web", 1, "a", "b");
        }},
    {"Reload", [](BusClient& client, const std::string&) { return client.manager("Reload", ""); }},
    {"Enter", [](BusClient& client,
                  const std::string& object) { return client.object(object, "Enter", "asa{sv}", 0, 0); }},
    {"Destroy", [](BusClient& client,
                    const std::string& object) { return client.object(object, "Destroy", "a{sv}", 0); }},
    {"SetLabels",
        [](BusClient& client, const std::string& object) {
            return client.object(object, "SetLabels", "a{ss}", 1, "a", "b");
        }},
};

TEST_F(AccessTest, othersMayChangeNothing) {
    bool reloaded = false;
    reload_ = [&] { reloaded = true; };
    kernel_->forgetCalls();
    const auto before = countOpenFds();
    for (const auto& attempt : forRootAlone) {
        const auto answer = attempt.call(*guest_, web_);
        EXPECT_EQ(answer->error, denied) << attempt.method;
        EXPECT_NE(answer->text.find("65534"), std::string::npos) << answer->text;
    }
    EXPECT_EQ(namespaces_->count(), 1U);
    EXPECT_EQ(namespaces_->find(Name("web")).labels, Labels{});
    EXPECT_FALSE(reloaded);
    EXPECT_EQ(kernel_->calls(), std::vector<std::string>{});
    EXPECT_EQ(countOpenFds(), before);
}

TEST_F(AccessTest, theTextSaysWhichRightIsMissingOnWhat) {
    EXPECT_EQ(guest_->manager("Destroy", "sa{sv}", "web", 0)->text,
        "uid 65534 lacks the right \"manage\" on namespace \"web\": on this bus nobody is asked; root has "
        "it");
    EXPECT_EQ(guest_->manager("Create", "sasa{sv}", "mine", 1, "net", 0)->text,
        "uid 65534 lacks the right \"create\": on this bus nobody is asked; root has it");
}

TEST_F(AccessTest, everybodyMayLook) {
    const auto foreign = kernel_->foreignNamespace(NamespaceType::Net);
    EXPECT_EQ(guest_->manager("Get", "s", "web")->text, '"' + web_ + '"');
    EXPECT_NE(guest_->manager("List", "a{sv}", 0)->text.find("\"web\""), std::string::npos);
    EXPECT_EQ(guest_->manager("Identify", "h", foreign.get())->error, "org.nsd1.Error.NoSuchNamespace");
    EXPECT_EQ(guest_->property(web_, "org.nsd1.Namespace", "Name"), R"("web")");
    EXPECT_EQ(guest_->property("/org/nsd1", "org.nsd1.Manager", "NamespaceCount"), "1");
    EXPECT_TRUE(authority_->questions.empty());
}

TEST_F(AccessTest, holdersOfOtherUsersAreForRootAlone) {
    const Holder own{"process", 7, "mine", "net", "", user};
    const Holder others{"process", 8, "secret", "net", "", 0};
    const Holder unknown{"mount", 0, "", "net", "mounted at /secret"};
    kernel_->answerHolders({own, others, unknown});
    const auto seen = clientAs(user)->manager("Holders", "s", "web")->text;
    EXPECT_NE(seen.find("mine"), std::string::npos) << seen;
    EXPECT_EQ(seen.find("secret"), std::string::npos) << seen;
    EXPECT_NE(root_->manager("Holders", "s", "web")->text.find("secret"), std::string::npos);
}

TEST_F(AccessTest, whatHoldsADestroyedNamespaceIsShownToEachAsHeMaySeeIt) {
    EXPECT_EQ(root_->manager("Grant", "ssuas", "web", "user", user, 1, "manage")->error, "");
    kernel_->answerReleased(NamespaceType::Net, Released::No);
    kernel_->answerHolders({{"process", 7, "mine", "net", "", user}, {"process", 8, "secret", "net", "", 0}});
    const auto client = clientAs(user);
    // One destruction, which both wait for; its name is there until its members are killed.
    const auto destroy = [](BusClient& who) {
        return who.start("/org/nsd1", "org.nsd1.Manager", "Destroy",
            BusClient::filled("sa{sv}", "web", 1, "force", "b", 1));
    };
    EXPECT_EQ(client->manager("List", "a{sv}", 0)->error, ""); // known from now on
    kernel_->delayAnswers(std::chrono::milliseconds(300));
    const auto rootsAnswer = destroy(*root_);
    const auto hisAnswer = destroy(*client);
    client->turnUntil([&] { return rootsAnswer->done && hisAnswer->done; });
    EXPECT_NE(hisAnswer->text.find("mine"), std::string::npos) << hisAnswer->text;
    EXPECT_EQ(hisAnswer->text.find("secret"), std::string::npos) << hisAnswer->text;
    EXPECT_NE(rootsAnswer->text.find("secret"), std::string::npos) << rootsAnswer->text;
}

TEST_F(AccessTest, aProcessIsIdentifiedForItsOwnUser) {
    const UniqueFd anything(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const auto client = clientAs(user);
    Kernel::ProcessNamespaces process;
    process.uid = user;
    kernel_->answerProcess(process);
    EXPECT_EQ(client->manager("IdentifyProcess", "h", anything.get())->text, "[]");
    process.uid = 1000;
    kernel_->answerProcess(process);
    EXPECT_EQ(client->manager("IdentifyProcess", "h", anything.get())->error, denied);
    EXPECT_EQ(root_->manager("IdentifyProcess", "h", anything.get())->error, "");
}

// Whoever is not mapped has the uid 65534, and is not whoever else is not.
TEST_F(AccessTest, theOverflowUidHasNoProcessOfItsOwn) {
    const UniqueFd anything(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Kernel::ProcessNamespaces process;
    process.uid = nobody;
    kernel_->answerProcess(process);
    EXPECT_EQ(guest_->manager("IdentifyProcess", "h", anything.get())->error, denied);
    kernel_->answerHolders({{"process", 7, "somebody's", "net", "", nobody}});
    EXPECT_EQ(guest_->manager("Holders", "s", "web")->text, "[]");
}

TEST_F(AccessTest, rootIsNeverAskedAbout) {
    EXPECT_EQ(root_->manager("Enter", "sasa{sv}", "web", 0, 0)->error, "");
    EXPECT_EQ(root_->manager("Destroy", "sa{sv}", "web", 0)->error, "");
    EXPECT_TRUE(authority_->questions.empty());
}

TEST_F(AccessTest, theAuthorityLearnsWhatIsAskedFor) {
    static_cast<void>(guest_->manager("Enter", "sasa{sv}", "web", 0, 0));
    ASSERT_EQ(authority_->questions.size(), 1U);
    const auto& question = authority_->questions.front();
    EXPECT_EQ(question.caller.busName, guest_->uniqueName());
    EXPECT_EQ(question.caller.uid, nobody);
    EXPECT_FALSE(question.caller.interactive);
    EXPECT_EQ(question.right, Right::Fds);
    EXPECT_EQ(question.name, "web");
    EXPECT_EQ(question.uuid, namespaces_->find(Name("web")).uuid.str());
    EXPECT_EQ(question.owner, std::optional<uid_t>(0));
    EXPECT_EQ(question.types, std::vector<std::string>{"net"});
}

TEST_F(AccessTest, theAuthorityLearnsWhatIsToBeMade) {
    EXPECT_EQ(guest_->manager("Create", "sasa{sv}", "mine", 2, "uts", "net", 0)->error, denied);
    ASSERT_EQ(authority_->questions.size(), 1U);
    const auto& question = authority_->questions.front();
    EXPECT_EQ(question.name, "mine");
    EXPECT_EQ(question.types, (std::vector<std::string>{"net", "uts"}));
    EXPECT_EQ(question.owner, std::optional<uid_t>(nobody));
    EXPECT_EQ(question.uuid, "");
    ASSERT_FALSE(audit_.decisions.empty());
    EXPECT_EQ(audit_.decisions.back().name, "mine");
}

TEST_F(AccessTest, theAuthorityLearnsWhetherTheUserMayBeAsked) {
    static_cast<void>(guest_->call("/org/nsd1", "org.nsd1.Manager", "Reload", [](auto*) {}));
    static_cast<void>(guest_->call("/org/nsd1", "org.nsd1.Manager", "Destroy", [](sd_bus_message* message) {
        sd_bus_message_set_allow_interactive_authorization(message, 1);
        sd_bus_message_append(message, "sa{sv}", "web", 0);
    }));
    ASSERT_EQ(authority_->questions.size(), 1U) << "Reload is for root, nobody is asked";
    EXPECT_TRUE(authority_->questions.front().caller.interactive);
}

TEST_F(AccessTest, whatTheAuthorityAllowsIsDone) {
    authority_->instead = [](const Completion<Done>& done) { done(Done{}); };
    EXPECT_EQ(guest_->manager("Destroy", "sa{sv}", "web", 0)->error, "");
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(AccessTest, onlyRootNamesAnOwner) {
    authority_->instead = [](const Completion<Done>& done) { done(Done{}); };
    const auto answer = guest_->manager("Create", "sasa{sv}", "mine", 1, "net", 1, "owner", "u", 0U);
    EXPECT_EQ(answer->error, denied);
    EXPECT_NE(answer->text.find("owner"), std::string::npos) << answer->text;
    EXPECT_EQ(namespaces_->count(), 1U);
}

TEST_F(AccessTest, theOverflowUidOwnsNothing) {
    authority_->instead = [](const Completion<Done>& done) { done(Done{}); };
    const auto answer = guest_->manager("Create", "sasa{sv}", "mine", 1, "net", 0);
    EXPECT_EQ(answer->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_NE(answer->text.find("65534"), std::string::npos) << answer->text;
}

TEST_F(AccessTest, aYesIsForTheNamespaceThatWasAskedAboutAndNotForItsName) {
    Completion<Done> late;
    authority_->instead = [&](Completion<Done> done) { late = std::move(done); };
    const auto pending =
        guest_->start("/org/nsd1", "org.nsd1.Manager", "Destroy", BusClient::filled("sa{sv}", "web", 0));
    guest_->turnUntil([&] { return static_cast<bool>(late); });
    ASSERT_EQ(root_->manager("Destroy", "sa{sv}", "web", 0)->error, "");
    static_cast<void>(create("web", {"net"}));
    std::exchange(late, nullptr)(Done{});
    guest_->turnUntil([&] { return pending->done; });
    EXPECT_EQ(pending->error, denied) << pending->text;
    EXPECT_EQ(namespaces_->count(), 1U);
}

TEST_F(AccessTest, anAuthorityThatForgetsAQuestionIsAnError) {
    authority_->instead = [](const Completion<Done>&) {};
    const auto answer = guest_->manager("Destroy", "sa{sv}", "web", 0);
    EXPECT_EQ(answer->error, "org.nsd1.Error.KernelError") << answer->text;
    EXPECT_EQ(namespaces_->count(), 1U);
}

} // namespace
} // namespace nsd::test
