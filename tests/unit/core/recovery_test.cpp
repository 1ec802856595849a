// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/meta.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <fstream>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
constexpr NamespaceTypes all = NamespaceTypes::all();

class Recovery : public CoreTest {
  protected:
    // The directory of a published namespace, moved back to where a killed daemon would have left it.
    void moveBack(const std::string& name, const std::string& area, const Uuid& uuid) {
        fs::rename(pins() / name, pins() / area / uuid.str());
    }
    // A namespace that is dropped from the books: what the test does to its pins is meant.
    static void unpin(const fs::path& pin) { fs::remove(pin); }
};

TEST_F(Recovery, OfNothingFindsNothing) {
    EXPECT_TRUE(restart().empty());
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(Recovery, FindsWhatWasPublishedAsItWas) {
    auto wanted = request("web", all);
    wanted.labels = {{"a", "b"}};
    wanted.spec.hostname = "inside";
    wanted.spec.uidMap = {{0, 100000, 65536}};
    wanted.spec.boottimeOffset = 5;
    wanted.requestId = "r";
    wanted.owner = 1000;
    const auto uuid = create(wanted);
    const auto before = record(uuid);
    EXPECT_TRUE(restart().empty());
    const auto& after = record(uuid);
    EXPECT_EQ(writeMeta(after, "x"), writeMeta(before, "x"));
    EXPECT_EQ(after.name, before.name);
    EXPECT_EQ(after.state, State::Ready);
    EXPECT_EQ(namespaces_->open(uuid, {}).size(), 8U);
    EXPECT_EQ(events_.seen, std::vector<std::string>{"added web"});
    EXPECT_EQ(create(wanted), uuid);
}

TEST_F(Recovery, EndsWhatWasNeverPublished) {
    const auto uuid = create("web", all);
    moveBack("web", ".stage", uuid);
    kernel_.setMembers(record(uuid).identities.at(NamespaceType::Pid).inode, 1);
    EXPECT_TRUE(restart().empty());
    EXPECT_EQ(namespaces_->count(), 0U);
    expectNoLeftovers();
    EXPECT_EQ(kernel_.livingInits(), 0U);
    EXPECT_EQ(kernel_.controlGroups(), 0U);
    EXPECT_EQ(kernel_.pinned(), 0U);
}

TEST_F(Recovery, FinishesADestroy) {
    const auto uuid = create("web", all);
    moveBack("web", ".trash", uuid);
    EXPECT_TRUE(restart().empty());
    expectNoLeftovers();
    EXPECT_EQ(kernel_.livingInits(), 0U);
    EXPECT_EQ(kernel_.pinned(), 0U);
}

TEST_F(Recovery, FinishesADestroyWithoutKillingMembers) {
    const auto uuid = create("web", all);
    kernel_.setMembers(inode(uuid, NamespaceType::Pid), 1);
    moveBack("web", ".trash", uuid);
    EXPECT_TRUE(restart().empty());
    expectNoLeftovers();
    EXPECT_EQ(kernel_.livingInits(), 1U);
}

// Every state that a kill during Create or Destroy can leave in an area: pins come and go one by one,
// meta is there or not, and the plain file of a pin may not be bound yet.
TEST_F(Recovery, EndsALeftoverOfAnyPoint) {
    for (const std::string area : {".stage", ".trash"}) {
        for (std::size_t kept = 0; kept <= 8; ++kept) {
            for (const bool withMeta : {false, true}) {
                const auto uuid = create("web", all);
                std::size_t place = 0;
                for (const auto type : all)
                    if (place++ >= kept)
                        unpin(pins() / "web" / toWord(type));
                if (kept < 8)
                    std::ofstream(pins() / "web" / "uts") << "";
                if (!withMeta)
                    fs::remove(pins() / "web" / "meta");
                moveBack("web", area, uuid);
                EXPECT_TRUE(restart().empty()) << area << kept << withMeta;
                EXPECT_EQ(namespaces_->count(), 0U);
                expectNoLeftovers();
                EXPECT_EQ(kernel_.controlGroups(), 0U) << area << kept << withMeta;
                kernel_.forgetDropped();
            }
        }
    }
}

TEST_F(Recovery, ReplacesTheHalfWrittenMetaOfSetLabels) {
    const auto uuid = create("web");
    writeFile(pins() / "web" / "meta.new", "{ half");
    EXPECT_TRUE(restart().empty());
    namespaces_->setLabels(uuid, {{"k", "v"}});
    EXPECT_FALSE(fs::exists(pins() / "web" / "meta.new"));
    writeFile(pins() / "web" / "meta.new", "{ half");
    EXPECT_EQ(destroy(uuid).released, Released::Yes);
    expectNoLeftovers();
}

TEST_F(Recovery, KeepsWhatIsLeftOfALostPinAsDegraded) {
    const auto uuid = create("web", {NamespaceType::Net, NamespaceType::Uts});
    unpin(pins() / "web" / "uts");
    EXPECT_TRUE(restart().empty());
    EXPECT_EQ(record(uuid).state, State::Degraded);
    EXPECT_EQ(namespaces_->open(uuid, {NamespaceType::Net}).size(), 1U);
    EXPECT_EQ(codeOf([&] { static_cast<void>(namespaces_->open(uuid, {})); }), "Degraded");
    kernel_.forgetDropped();
}

TEST_F(Recovery, KeepsAPidNamespaceWithoutInitAsDegraded) {
    const auto uuid = create("p", all);
    kernel_.killInit(inode(uuid, NamespaceType::Pid));
    EXPECT_TRUE(restart().empty());
    EXPECT_EQ(record(uuid).state, State::Degraded);
    EXPECT_EQ(record(uuid).initPid, 0);
}

TEST_F(Recovery, SweepsControlGroupsThatNobodyHas) {
    const auto uuid = create("p", all);
    static_cast<void>(create("q", all));
    fs::remove_all(pins() / "q");
    EXPECT_TRUE(restart().empty());
    EXPECT_EQ(kernel_.controlGroups(), 1U);
    EXPECT_EQ(record(uuid).controlGroup, "/nsd-keep/" + uuid.str());
    kernel_.forgetDropped();
}

TEST_F(Recovery, ResumesTimesToLive) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.ttl = std::chrono::seconds(60);
    create(wanted);
    loop_.advance(std::chrono::seconds(30));
    static_cast<void>(restart());
    loop_.advance(std::chrono::seconds(29));
    EXPECT_EQ(namespaces_->count(), 1U);
    loop_.advance(std::chrono::seconds(2));
    EXPECT_EQ(namespaces_->count(), 0U);
    expectNoLeftovers();
}

TEST_F(Recovery, EndsWhatBecameDueMeanwhile) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.ttl = std::chrono::seconds(60);
    create(wanted);
    namespaces_.reset();
    loop_.advance(std::chrono::seconds(61));
    static_cast<void>(restart());
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_EQ(events_.seen, (std::vector<std::string>{"added web", "removed web"}));
}

} // namespace
} // namespace nsd::test
