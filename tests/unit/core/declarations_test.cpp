// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/unit/core/core_fixture.hpp"

#include <algorithm>

namespace nsd::test {
namespace {

using Texts = std::vector<std::string>;

Definition definition(const std::string& name, NamespaceTypes types = {NamespaceType::Net}) {
    Definition definition{.name = Name(name)};
    definition.file = "/etc/nsd/namespaces.d/" + name + ".json";
    definition.spec.types = types;
    return definition;
}

class DeclarationsTest : public CoreTest {
  protected:
    // As at a start or a Reload.
    void declare(const std::vector<Definition>& definitions) {
        namespaces_->declare({definitions});
        namespaces_->carryOutDeclarations();
        loop_.settle();
    }
    [[nodiscard]] const NamespaceRecord& named(const std::string& name) {
        return namespaces_->find(Name(name));
    }
    std::vector<Outcome<Uuid>>& createForUnit(const std::string& name) {
        namespaces_->createForUnit(request(name, {NamespaceType::Net}),
            [this](const Outcome<Uuid>& outcome) { starts_.push_back(outcome); });
        return starts_;
    }
    [[nodiscard]] bool warnedOf(const std::string& text) const {
        return std::any_of(log_.warnings.begin(), log_.warnings.end(),
            [&](const std::string& line) { return line.find(text) != std::string::npos; });
    }

    std::vector<Outcome<Uuid>> starts_;
};

TEST_F(DeclarationsTest, whatIsDeclaredIsMade) {
    auto web = definition("web", {NamespaceType::Net, NamespaceType::Uts});
    web.spec.hostname = "inside";
    web.owner = 1000U;
    web.labels = {{"env", "test"}};
    web.grants = {{true, 4U, {"fds", "enter"}}};
    declare({web});
    const auto& record = named("web");
    EXPECT_EQ(record.state, State::Ready);
    EXPECT_EQ(record.origin, Origin::Declared);
    EXPECT_EQ(record.lifetime, Lifetime::Manual);
    EXPECT_EQ(record.owner, 1000U);
    EXPECT_EQ(record.spec.hostname, "inside");
    EXPECT_EQ(record.labels, (Labels{{"env", "test"}}));
    EXPECT_EQ(record.grants, (std::vector<Grant>{{true, 4, {"enter", "fds"}}}));
    EXPECT_EQ(entries(), Texts{"web"});
}

TEST_F(DeclarationsTest, itIsPendingUntilItIsMade) {
    namespaces_->declare({{definition("web")}});
    loop_.settle();
    const auto uuid = named("web").uuid;
    EXPECT_EQ(named("web").state, State::Pending);
    EXPECT_TRUE(entries().empty()) << "nothing half-made is ever to be seen";
    namespaces_->carryOutDeclarations();
    loop_.settle();
    EXPECT_EQ(named("web").state, State::Ready);
    EXPECT_EQ(named("web").uuid, uuid) << "its object's path never changes";
    EXPECT_EQ(events_.seen, (Texts{"added web", "ready web"}));
    const auto identity = named("web").identities.at(NamespaceType::Net);
    EXPECT_EQ(namespaces_->identify(identity), &named("web"));
}

TEST_F(DeclarationsTest, allButToLookAtAPendingOneIsBusy) {
    namespaces_->declare({{definition("web")}});
    const auto uuid = named("web").uuid;
    EXPECT_EQ(textOf([&] { static_cast<void>(namespaces_->open(uuid, {})); }),
        "\"web\" is declared, but not made yet");
    EXPECT_EQ(codeOf([&] { static_cast<void>(namespaces_->open(uuid, {})); }), "Busy");
    EXPECT_EQ(codeOf([&] { namespaces_->rename(uuid, Name("www")); }), "Busy");
    EXPECT_EQ(codeOf([&] { namespaces_->setLabels(uuid, {}); }), "Busy");
    EXPECT_EQ(codeOf([&] { namespaces_->setGrants(uuid, {}); }), "Busy");
    EXPECT_EQ(codeOf([&] { static_cast<void>(namespaces_->hold(uuid, {})); }), "Busy");
    EXPECT_EQ(codeOf([&] { create("web"); }), "NameExists");
}

TEST_F(DeclarationsTest, oneThatFailsStopsNoOtherAndIsTriedAgain) {
    kernel_.failAt(0); // the first make
    declare({definition("a"), definition("b")});
    EXPECT_EQ(named("a").state, State::Pending);
    EXPECT_EQ(named("b").state, State::Ready);
    EXPECT_TRUE(warnedOf("/etc/nsd/namespaces.d/a.json: \"a\" cannot be made: "));
    EXPECT_NE(
        textOf([&] { static_cast<void>(namespaces_->open(named("a").uuid, {})); }).find("not made yet: "),
        std::string::npos);
    declare({definition("a"), definition("b")});
    EXPECT_EQ(named("a").state, State::Ready);
}

TEST_F(DeclarationsTest, namesOfUsersAndGroupsAreLookedUp) {
    kernel_.answerAccounts({{{"alice", 1000}}, {{"adm", 4}}});
    auto web = definition("web");
    web.owner = "alice";
    web.grants = {{true, "adm", {"enter"}}, {false, "alice", {"link"}}};
    declare({web});
    EXPECT_EQ(named("web").owner, 1000U);
    EXPECT_EQ(named("web").grants, (std::vector<Grant>{{false, 1000, {"link"}}, {true, 4, {"enter"}}}));
}

TEST_F(DeclarationsTest, aUserWhoDoesNotExistKeepsItPending) {
    auto web = definition("web");
    web.owner = "bob";
    declare({web});
    EXPECT_EQ(named("web").state, State::Pending);
    EXPECT_TRUE(warnedOf("there is no user \"bob\""));
    kernel_.answerAccounts({{{"bob", 1001}}, {}});
    declare({web});
    EXPECT_EQ(named("web").owner, 1001U);
}

TEST_F(DeclarationsTest, whatExistsAtAStartIsKept) {
    declare({definition("web")});
    const auto uuid = named("web").uuid;
    const auto net = inode(uuid, NamespaceType::Net);
    restart();
    kernel_.forgetCalls();
    declare({definition("web")});
    EXPECT_EQ(named("web").uuid, uuid);
    EXPECT_EQ(inode(uuid, NamespaceType::Net), net);
    EXPECT_EQ(named("web").origin, Origin::Declared);
    EXPECT_EQ(kernel_.calls(), Texts{});
}

TEST_F(DeclarationsTest, labelsAndGrantsFollowTheirFile) {
    auto web = definition("web");
    web.labels = {{"k", "old"}};
    declare({web});
    web.labels = {{"k", "new"}};
    web.grants = {{false, 1000U, {"enter"}}};
    declare({web});
    EXPECT_EQ(named("web").labels, (Labels{{"k", "new"}}));
    EXPECT_EQ(named("web").grants, (std::vector<Grant>{{false, 1000, {"enter"}}}));
}

TEST_F(DeclarationsTest, whatWasChangedByHandStaysUntilTheFileChanges) {
    auto web = definition("web");
    web.labels = {{"k", "file"}};
    declare({web});
    namespaces_->setLabels(named("web").uuid, {{"k", "hand"}});
    declare({web});
    EXPECT_EQ(named("web").labels, (Labels{{"k", "hand"}}));
    restart();
    declare({web});
    EXPECT_EQ(named("web").labels, (Labels{{"k", "hand"}}));
    web.labels = {{"k", "file again"}};
    declare({web});
    EXPECT_EQ(named("web").labels, (Labels{{"k", "file again"}}));
}

TEST_F(DeclarationsTest, whatCannotBeChangedInPlaceIsSaid) {
    declare({definition("web")});
    const auto uuid = named("web").uuid;
    auto web = definition("web", {NamespaceType::Net, NamespaceType::Uts});
    web.spec.hostname = "inside";
    declare({web});
    EXPECT_EQ(named("web").uuid, uuid);
    EXPECT_TRUE(warnedOf("types, hostname of \"web\" cannot be changed while it lives"));
}

TEST_F(DeclarationsTest, itsDestructionIsBusyButByForce) {
    declare({definition("web")});
    const auto uuid = named("web").uuid;
    EXPECT_EQ(textOf([&] { destroy(uuid); }),
        "\"web\" is kept by /etc/nsd/namespaces.d/web.json: remove that and reload nsd, or use force");
    EXPECT_EQ(codeOf([&] { destroy(uuid); }), "Busy");
    EXPECT_EQ(codeOf([&] { namespaces_->rename(uuid, Name("www")); }), "Busy");
    EXPECT_EQ(destroy(uuid, {.force = true}).released, Released::Yes);
    declare({definition("web")});
    EXPECT_NE(named("web").uuid, uuid) << "its file makes it again";
}

TEST_F(DeclarationsTest, aFileThatIsGoneEndsNothingAndKeepsNothing) {
    declare({definition("web")});
    const auto uuid = named("web").uuid;
    declare({});
    EXPECT_EQ(named("web").uuid, uuid);
    EXPECT_EQ(destroy(uuid).released, Released::Yes);
}

TEST_F(DeclarationsTest, aFileThatCannotBeUsedNowStillKeeps) {
    declare({definition("web")});
    namespaces_->declare({{}, {"web"}});
    EXPECT_EQ(codeOf([&] { destroy(named("web").uuid); }), "Busy");
    namespaces_->declare({{}, {}, true});
    EXPECT_EQ(codeOf([&] { destroy(named("web").uuid); }), "Busy");
}

TEST_F(DeclarationsTest, aPendingOneGoesWithItsFile) {
    namespaces_->declare({{definition("web")}});
    namespaces_->carryOutDeclarations();
    loop_.turn();
    namespaces_->declare({});
    loop_.settle();
    EXPECT_FALSE(namespaces_->has(Name("web")));
    EXPECT_EQ(events_.seen, (Texts{"added web", "removed web"}));
    expectNoLeftovers();
}

TEST_F(DeclarationsTest, aPendingOneThatIsDestroyedIsNotMade) {
    namespaces_->declare({{definition("web")}});
    namespaces_->carryOutDeclarations();
    EXPECT_EQ(destroy(named("web").uuid, {.force = true}).released, Released::Yes);
    loop_.settle();
    EXPECT_FALSE(namespaces_->has(Name("web")));
    EXPECT_TRUE(entries().empty());
    expectNoLeftovers();
}

TEST_F(DeclarationsTest, anothersNamespaceOfTheNameIsLeftAlone) {
    const auto uuid = create("web");
    auto web = definition("web");
    web.labels = {{"k", "v"}};
    declare({web});
    EXPECT_EQ(named("web").uuid, uuid);
    EXPECT_EQ(named("web").origin, Origin::Created);
    EXPECT_TRUE(named("web").labels.empty());
    EXPECT_TRUE(warnedOf("web.json has no effect"));
    EXPECT_EQ(destroy(uuid).released, Released::Yes) << "it is not the file that keeps it";
    declare({web});
    EXPECT_EQ(named("web").origin, Origin::Declared);
}

TEST_F(DeclarationsTest, aUnitWaitsForItsOwnPendingOne) {
    namespaces_->declare({{definition("web")}});
    const auto uuid = named("web").uuid;
    auto& started = createForUnit("web");
    EXPECT_TRUE(started.empty());
    loop_.settle();
    ASSERT_EQ(started.size(), 1U);
    EXPECT_EQ(started[0].value(), uuid);
    EXPECT_EQ(named("web").origin, Origin::Declared);
}

TEST_F(DeclarationsTest, aUnitIsToldWhyItsPendingOneIsNotMade) {
    kernel_.failAt(0);
    declare({definition("web")});
    kernel_.failAt(0);
    auto& started = createForUnit("web");
    loop_.settle();
    ASSERT_EQ(started.size(), 1U);
    EXPECT_FALSE(started[0].ok());
    createForUnit("web");
    loop_.settle();
    EXPECT_TRUE(starts_.back().ok()) << "each start tries again";
}

TEST_F(DeclarationsTest, aUnitMakesWhatNobodyDeclares) {
    createForUnit("web");
    createForUnit("web"); // at the same time
    loop_.settle();
    ASSERT_EQ(starts_.size(), 2U);
    EXPECT_EQ(starts_[0].value(), starts_[1].value());
    EXPECT_EQ(named("web").origin, Origin::Unit);
    restart();
    createForUnit("web");
    loop_.settle();
    EXPECT_EQ(starts_.back().value(), starts_[0].value());
    EXPECT_EQ(named("web").origin, Origin::Unit) << "of this and of the next daemon";
}

TEST_F(DeclarationsTest, aUnitMakesAgainWhatWasDestroyedByForce) {
    auto web = definition("web", {NamespaceType::Uts});
    declare({web});
    destroy(named("web").uuid, {.force = true});
    createForUnit("web");
    loop_.settle();
    ASSERT_EQ(starts_.size(), 1U);
    EXPECT_TRUE(starts_[0].ok());
    EXPECT_EQ(toWords(named("web").types()), Texts{"uts"});
    EXPECT_EQ(named("web").origin, Origin::Unit);
}

TEST_F(DeclarationsTest, onlyItsUnitEndsWhatAUnitMade) {
    createForUnit("web");
    loop_.settle();
    const auto uuid = named("web").uuid;
    EXPECT_EQ(codeOf([&] { destroy(uuid); }), "Busy");
    EXPECT_EQ(codeOf([&] { namespaces_->rename(uuid, Name("www")); }), "Busy");
    EXPECT_EQ(destroy(uuid, {.unit = true}).released, Released::Yes);
    EXPECT_FALSE(namespaces_->has(Name("web")));
}

TEST_F(DeclarationsTest, aUnitLeavesAloneWhatItDidNotMake) {
    const auto uuid = create("web");
    const auto result = destroy(uuid, {.unit = true});
    EXPECT_EQ(result.released, Released::No);
    ASSERT_EQ(result.holders.size(), 1U);
    EXPECT_EQ(result.holders[0].kind, "origin");
    EXPECT_EQ(named("web").uuid, uuid);
}

TEST_F(DeclarationsTest, aMntNamespaceThatIsTooOldIsMadeAgainUnderTheSameUuid) {
    kernel_.refuseMntBinds(2);
    namespaces_->declare({{definition("web", {NamespaceType::Mnt, NamespaceType::Pid})}});
    const auto uuid = named("web").uuid;
    namespaces_->carryOutDeclarations();
    loop_.settle();
    EXPECT_EQ(named("web").state, State::Ready);
    EXPECT_EQ(named("web").uuid, uuid);
    restart();
    EXPECT_EQ(named("web").uuid, uuid);
    EXPECT_EQ(named("web").state, State::Ready);
    namespaces_->declare({{definition("web")}});
    destroy(uuid, {.force = true});
}

} // namespace
} // namespace nsd::test
