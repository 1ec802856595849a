// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The name that the rest of the host knows: shown before the commit, moved, taken away, put right.
#include "daemon/core/meta.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <cstdint>
#include <fstream>

namespace nsd::test {
namespace {

class Publication : public CoreTest {
  protected:
    Uuid publish(const std::string& name) {
        auto wanted = request(name, {NamespaceType::Net, NamespaceType::Uts});
        wanted.publish = true;
        return create(std::move(wanted));
    }
    [[nodiscard]] std::uint64_t net(const Uuid& uuid) const { return inode(uuid, NamespaceType::Net); }
    [[nodiscard]] std::string meta(const std::string& name) const { return readFile(pins() / name / "meta"); }
    // Meta as a daemon leaves it that is killed in the middle of a rename.
    void writePublicNames(const std::string& name, const std::vector<Name>& names) const {
        auto found = readMeta(meta(name), Name(name));
        found.record.publicNames = names;
        std::ofstream(pins() / name / "meta") << writeMeta(found.record, found.bootId);
    }
    using Names = std::map<std::string, std::uint64_t>;
};

TEST_F(Publication, isUnderTheNamesOwnName) {
    const auto uuid = publish("web");
    EXPECT_EQ(netRegister_.names, (Names{{"web", net(uuid)}}));
    EXPECT_EQ(namespaces_->publicPath(record(uuid)), "/run/netns/web");
}

TEST_F(Publication, isAMountOfNsdsAmongTheHolders) {
    const auto uuid = publish("web");
    namespaces_->holders(
        uuid, [](const Outcome<std::vector<Holder>>& outcome) { EXPECT_TRUE(outcome.ok()); });
    loop_.settle();
    EXPECT_EQ(kernel_.askedHolders().ownMounts, std::vector<std::string>{"/run/netns/web"});
    namespaces_->holders(create("db"), [](const Outcome<std::vector<Holder>>& /*outcome*/) {});
    loop_.settle();
    EXPECT_TRUE(kernel_.askedHolders().ownMounts.empty());
}

TEST_F(Publication, isNotWithoutTheOption) {
    const auto uuid = create("web");
    EXPECT_TRUE(netRegister_.names.empty());
    EXPECT_EQ(namespaces_->publicPath(record(uuid)), "");
}

TEST_F(Publication, needsTypeNet) {
    auto wanted = request("web", {NamespaceType::Uts});
    wanted.publish = true;
    EXPECT_EQ(textOf([&] { create(wanted); }), "publish needs type net");
}

TEST_F(Publication, underATakenNameChangesNothing) {
    netRegister_.names["web"] = 1;
    EXPECT_EQ(codeOf([&] { publish("web"); }), "NameExists");
    EXPECT_EQ(netRegister_.names, (Names{{"web", 1}}));
    EXPECT_TRUE(entries().empty());
    expectNoLeftovers();
}

TEST_F(Publication, goesWithACreateThatFailsBehindIt) {
    std::ofstream(pins() / "web") << "somebody's";
    EXPECT_EQ(codeOf([&] { publish("web"); }), "NameExists");
    EXPECT_TRUE(netRegister_.names.empty());
}

TEST_F(Publication, goesWithADestroy) {
    destroy(publish("web"));
    EXPECT_TRUE(netRegister_.names.empty());
}

TEST_F(Publication, ofAnotherIsLeftByADestroy) {
    const auto uuid = publish("web");
    netRegister_.names["web"] = 1; // deleted, and made anew by somebody
    EXPECT_EQ(namespaces_->publicPath(record(uuid)), "");
    destroy(uuid);
    EXPECT_EQ(netRegister_.names, (Names{{"web", 1}}));
}

TEST_F(Publication, thatCannotBeTakenAwayHindersNoDestroy) {
    const auto uuid = publish("web");
    netRegister_.hidingFails = true;
    destroy(uuid);
    EXPECT_FALSE(namespaces_->has(Name("web")));
    EXPECT_EQ(log_.warnings.size(), 1U);
}

TEST_F(Publication, movesWithARename) {
    const auto uuid = publish("web");
    namespaces_->rename(uuid, Name("www"));
    EXPECT_EQ(netRegister_.names, (Names{{"www", net(uuid)}}));
    EXPECT_EQ(readMeta(meta("www"), Name("www")).record.publicNames, std::vector<Name>{Name("www")});
}

TEST_F(Publication, ofARenameToATakenNameChangesNothing) {
    const auto uuid = publish("web");
    netRegister_.names["www"] = 1;
    EXPECT_EQ(codeOf([&] { namespaces_->rename(uuid, Name("www")); }), "NameExists");
    EXPECT_EQ(netRegister_.names, (Names{{"web", net(uuid)}, {"www", 1}}));
    EXPECT_EQ(record(uuid).name.str(), "web");
    EXPECT_EQ(readMeta(meta("web"), Name("web")).record.publicNames, std::vector<Name>{Name("web")});
}

TEST_F(Publication, ofARenameThatFailsBehindItIsTakenBack) {
    const auto uuid = publish("web");
    std::ofstream(pins() / "www") << "somebody's";
    EXPECT_EQ(codeOf([&] { namespaces_->rename(uuid, Name("www")); }), "NameExists");
    EXPECT_EQ(netRegister_.names, (Names{{"web", net(uuid)}}));
}

TEST_F(Publication, thatTheAdministratorTookAwayIsNotBroughtBack) {
    const auto uuid = publish("web");
    netRegister_.names.clear();
    namespaces_->rename(uuid, Name("www"));
    restart();
    EXPECT_TRUE(netRegister_.names.empty());
}

TEST_F(Publication, isKnownAfterARestart) {
    const auto uuid = publish("web");
    restart();
    EXPECT_EQ(namespaces_->publicPath(record(uuid)), "/run/netns/web");
    destroy(uuid);
    EXPECT_TRUE(netRegister_.names.empty());
}

TEST_F(Publication, ofAHalfMadeOneGoesAtTheNextStart) {
    const auto uuid = publish("web");
    std::filesystem::rename(pins() / "web", pins() / ".stage" / uuid.str());
    restart();
    EXPECT_TRUE(netRegister_.names.empty());
}

TEST_F(Publication, ofAHalfDestroyedOneGoesAtTheNextStart) {
    const auto uuid = publish("web");
    std::filesystem::rename(pins() / "web", pins() / ".trash" / uuid.str());
    restart();
    EXPECT_TRUE(netRegister_.names.empty());
}

TEST_F(Publication, ofARenameKilledBeforeItsCommitIsTakenBack) {
    const auto uuid = publish("web");
    netRegister_.names["www"] = net(uuid);
    writePublicNames("web", {Name("web"), Name("www")});
    restart();
    EXPECT_EQ(netRegister_.names, (Names{{"web", net(uuid)}}));
}

TEST_F(Publication, ofARenameKilledBehindItsCommitIsFinished) {
    const auto uuid = publish("web");
    netRegister_.names["www"] = net(uuid);
    writePublicNames("web", {Name("web"), Name("www")});
    std::filesystem::rename(pins() / "web", pins() / "www");
    restart();
    EXPECT_EQ(netRegister_.names, (Names{{"www", net(uuid)}}));
    EXPECT_EQ(readMeta(meta("www"), Name("www")).record.publicNames, std::vector<Name>{Name("www")});
}

TEST_F(Publication, aNumberIsGivenToEveryNetworkNamespaceAndFoundAgain) {
    const auto first = create("a");
    const auto second = create("b");
    const auto none = create("c", {NamespaceType::Uts});
    const auto number = record(second).number;
    EXPECT_TRUE(record(first).number);
    EXPECT_NE(record(first).number, number);
    EXPECT_FALSE(record(none).number);
    restart();
    EXPECT_EQ(record(second).number, number);
}

} // namespace
} // namespace nsd::test
