// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Declared namespaces with links to each other.
#include "tests/unit/core/core_fixture.hpp"

namespace nsd::test {
namespace {

using Names = std::vector<std::string>;

// With a link to `peer`.
Definition linked(const std::string& name, const std::string& peer) {
    Definition definition{.name = Name(name)};
    definition.file = "/etc/nsd/namespaces.d/" + name + ".json";
    definition.spec.types = {NamespaceType::Net};
    if (!peer.empty())
        definition.spec.links = {{.name = "to-" + peer, .peer = "to-" + name, .peerNamespace = peer}};
    return definition;
}

class DeclaredPeers : public CoreTest {
  protected:
    void declare(const std::vector<Definition>& definitions) {
        namespaces_->declare({definitions});
        namespaces_->carryOutDeclarations();
        loop_.settle();
    }
    [[nodiscard]] State stateOf(const std::string& name) { return namespaces_->find(Name(name)).state; }
    [[nodiscard]] std::string trouble(const std::string& name) {
        return namespaces_->find(Name(name)).trouble;
    }
    [[nodiscard]] Names linksOf(const std::string& name) {
        return links_.names(namespaces_->find(Name(name)).identities.at(NamespaceType::Net).inode);
    }
};

TEST_F(DeclaredPeers, waitForEachOtherInAnyOrder) {
    declare({linked("a", "b"), linked("b", "c"), linked("c", "")});
    for (const auto* name : {"a", "b", "c"})
        EXPECT_EQ(stateOf(name), State::Ready) << name << trouble(name);
    EXPECT_EQ(linksOf("a"), Names{"to-b"});
    EXPECT_EQ(linksOf("b"), (Names{"to-c", "to-a"}));
    EXPECT_TRUE(log_.warnings.empty()) << log_.warnings.front();
}

TEST_F(DeclaredPeers, onePeerThatNobodyMakesIsReportedAndAwaited) {
    declare({linked("a", "b")});
    EXPECT_EQ(stateOf("a"), State::Pending);
    EXPECT_NE(trouble("a").find("there is no namespace \"b\""), std::string::npos) << trouble("a");
    EXPECT_EQ(log_.warnings.size(), 1U);
    EXPECT_TRUE(entries().empty());
    create("b");
    loop_.settle();
    EXPECT_EQ(stateOf("a"), State::Ready);
    EXPECT_EQ(linksOf("b"), Names{"to-a"});
}

TEST_F(DeclaredPeers, aRenamedOneIsAPeerToo) {
    const auto other = create("other");
    declare({linked("a", "b")});
    namespaces_->rename(other, Name("b"));
    loop_.settle();
    EXPECT_EQ(stateOf("a"), State::Ready);
}

TEST_F(DeclaredPeers, whoWaitForEachOtherAreReported) {
    declare({linked("a", "b"), linked("b", "a")});
    EXPECT_EQ(stateOf("a"), State::Pending);
    EXPECT_EQ(stateOf("b"), State::Pending);
    EXPECT_EQ(log_.warnings.size(), 2U);
    EXPECT_TRUE(entries().empty());
}

TEST_F(DeclaredPeers, aPeerThatFailsLetsNobodyWaitForEver) {
    kernel_.failAt(0); // the make of b
    Names codes;
    namespaces_->declare({{linked("a", "b"), linked("b", "")}});
    namespaces_->carryOutDeclarations();
    namespaces_->createForUnit(request("a", {NamespaceType::Net}), [&](const Outcome<Uuid>& outcome) {
        codes.push_back(outcome.ok() ? "none" : std::string(toWord(outcome.error().code())));
    });
    loop_.settle();
    EXPECT_EQ(codes, Names{"NoSuchNamespace"});
    EXPECT_EQ(stateOf("a"), State::Pending);
    declare({linked("a", "b"), linked("b", "")});
    EXPECT_EQ(stateOf("a"), State::Ready);
}

TEST_F(DeclaredPeers, whatIsDestroyedWhileItWaitsEndsTheWaitingAndComesWithItsFile) {
    const std::vector<Definition> all{linked("a", "b"), linked("b", "")};
    kernel_.holdAnswers(); // b is not made yet
    declare(all);
    Names codes;
    namespaces_->createForUnit(request("a", {NamespaceType::Net}), [&](const Outcome<Uuid>& outcome) {
        codes.push_back(outcome.ok() ? "none" : std::string(toWord(outcome.error().code())));
    });
    namespaces_->destroy(namespaces_->find(Name("a")).uuid, {.force = true}, [](const auto& /*outcome*/) {});
    loop_.settle();
    EXPECT_EQ(codes, Names{"NoSuchNamespace"});
    kernel_.releaseAnswers();
    loop_.settle();
    declare(all);
    EXPECT_EQ(stateOf("b"), State::Ready);
    EXPECT_EQ(stateOf("a"), State::Ready);
}

TEST_F(DeclaredPeers, aFileThatChangesItsLinksIsSaid) {
    declare({linked("b", ""), linked("a", "b")});
    auto changed = linked("a", "b");
    changed.spec.links.front().mtu = 1400;
    declare({linked("b", ""), changed});
    ASSERT_EQ(log_.warnings.size(), 1U);
    EXPECT_NE(log_.warnings.front().find("links of \"a\" cannot be changed"), std::string::npos);
}

} // namespace
} // namespace nsd::test
