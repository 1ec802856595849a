// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/definition_files.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <algorithm>
#include <cstdint>
#include <sys/stat.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

// The core with a state directory, which outlives what a reboot takes away.
class PersistenceTest : public CoreTest {
  protected:
    PersistenceTest() { namespaces_->useStateDirectory(state()); }

    [[nodiscard]] fs::path state() const { return directory_ / "state"; }
    [[nodiscard]] fs::path file(const std::string& name) const {
        return state() / "namespaces.d" / (name + ".json");
    }
    [[nodiscard]] Texts files() const {
        Texts leaves;
        if (fs::exists(state() / "namespaces.d"))
            for (const auto& entry : fs::directory_iterator(state() / "namespaces.d"))
                leaves.push_back(entry.path().filename());
        std::sort(leaves.begin(), leaves.end());
        return leaves;
    }
    [[nodiscard]] static CreateRequest persistent(
        const std::string& name, NamespaceTypes types = {NamespaceType::Net}) {
        auto wanted = request(name, types);
        wanted.persistent = true;
        return wanted;
    }
    // What the files say, as the daemon reads them.
    [[nodiscard]] Definitions read() const {
        Definitions definitions;
        auto found = readDefinitionFiles({directory_ / "etc", directory_ / "lib", state()});
        for (auto& each : found.files) {
            EXPECT_TRUE(each.problems.empty()) << describe(each.path, each.problems.front());
            if (each.definition)
                definitions.all.push_back(*each.definition);
        }
        return definitions;
    }
    void declare() {
        namespaces_->useStateDirectory(state());
        namespaces_->declare(read());
        namespaces_->carryOutDeclarations();
        loop_.settle();
    }
    // The pins and the kernel's namespaces are gone, the files are still there.
    void reboot() {
        namespaces_.reset();
        fs::rename(pins(), directory_ / "before");
        static_cast<void>(restart());
        declare();
    }
    // As nsd is killed and started.
    void restartAll() {
        EXPECT_TRUE(restart().empty());
        declare();
    }
    [[nodiscard]] const NamespaceRecord& named(const std::string& name) {
        return namespaces_->find(Name(name));
    }
};

TEST_F(PersistenceTest, itsFileIsWrittenBeforeItIsVisible) {
    const auto uuid = create(persistent("web"));
    EXPECT_EQ(record(uuid).lifetime, Lifetime::Persistent);
    EXPECT_EQ(record(uuid).origin, Origin::Created);
    EXPECT_EQ(files(), Texts{"web.json"});
    struct stat st {};
    ASSERT_EQ(::stat(file("web").c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 07777U, 0600U);
    ASSERT_EQ(::stat(file("web").parent_path().c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 07777U, 0700U);
}

TEST_F(PersistenceTest, itComesBackAfterARebootAsItWas) {
    kernel_.answerUser(1000, {.known = true, .name = "alice", .gid = 100});
    auto wanted = persistent("web", {NamespaceType::Net, NamespaceType::User, NamespaceType::Uts});
    wanted.spec.owner = 1000;
    wanted.spec.hostname = "inside";
    wanted.labels = {{"k", "v"}};
    const auto before = create(wanted);
    namespaces_->setGrants(before, {{false, 33, {"enter"}}});
    const auto spec = record(before).spec;
    EXPECT_EQ(spec.gidMap, (std::vector<IdRange>{{100, 100, 1}})) << "as it was resolved";

    kernel_.answerUser(1000, {.known = true, .name = "alice", .gid = 200}); // moved meanwhile
    reboot();
    const auto& after = named("web");
    EXPECT_NE(after.uuid, before) << "it is another one";
    EXPECT_EQ(after.state, State::Ready);
    EXPECT_EQ(after.spec, spec);
    EXPECT_EQ(after.owner, 1000U);
    EXPECT_EQ(after.labels, (Labels{{"k", "v"}}));
    EXPECT_EQ(after.grants, (std::vector<Grant>{{false, 33, {"enter"}}}));
    EXPECT_EQ(after.lifetime, Lifetime::Persistent);
    EXPECT_EQ(after.origin, Origin::Declared);
    EXPECT_EQ(read().all.at(0).uuid, after.uuid);
}

TEST_F(PersistenceTest, itGoesWithItsFileForGood) {
    const auto uuid = create(persistent("web"));
    EXPECT_EQ(destroy(uuid).released, Released::Yes) << "and is not busy";
    EXPECT_EQ(files(), Texts{});
    reboot();
    EXPECT_FALSE(namespaces_->has(Name("web")));
}

TEST_F(PersistenceTest, whatIsChangedIsChangedInItsFile) {
    const auto uuid = create(persistent("web"));
    namespaces_->setLabels(uuid, {{"k", "v"}});
    EXPECT_EQ(read().all.at(0).labels, (Labels{{"k", "v"}}));
    namespaces_->setGrants(uuid, {{false, 33, {"enter"}}});
    EXPECT_EQ(read().all.at(0).grants, (std::vector<Definition::Grant>{{false, 33U, {"enter"}}}));
    namespaces_->setGrants(uuid, {});
    EXPECT_TRUE(read().all.at(0).grants.empty());
    namespaces_->rename(uuid, Name("www"));
    EXPECT_EQ(files(), Texts{"www.json"});
    restartAll();
    EXPECT_EQ(named("www").uuid, uuid);
    EXPECT_EQ(files(), Texts{"www.json"});
}

TEST_F(PersistenceTest, itsFileGoesWhereCreateFails) {
    for (unsigned step = 0;; ++step) {
        kernel_.failAt(step);
        const auto code = codeOf([&] {
            create(persistent("web", {NamespaceType::Net, NamespaceType::Pid}));
        });
        if (code == "none")
            break;
        EXPECT_EQ(files(), Texts{}) << step;
    }
    EXPECT_EQ(files(), Texts{"web.json"});
}

TEST_F(PersistenceTest, itsFileGoesWhereTheNameIsTakenAtTheLastMoment) {
    fs::create_directory(pins() / "web"); // of somebody else's, not known here
    EXPECT_EQ(codeOf([&] { create(persistent("web")); }), "NameExists");
    EXPECT_EQ(files(), Texts{});
    fs::remove(pins() / "web");
}

TEST_F(PersistenceTest, whereItCannotBeWrittenNothingIsMade) {
    fs::create_directories(state());
    writeFile(state() / "namespaces.d", "no directory");
    const auto why = textOf([&] { create(persistent("web")); });
    EXPECT_EQ(why.find("cannot write " + file("web").string() + ": "), 0U) << why;
    EXPECT_FALSE(namespaces_->has(Name("web")));
    expectNoLeftovers();
}

TEST_F(PersistenceTest, whereItCannotBeWrittenNothingIsChanged) {
    const auto uuid = create(persistent("web"));
    fs::rename(state() / "namespaces.d", state() / "aside");
    writeFile(state() / "namespaces.d", "no directory");
    EXPECT_NE(codeOf([&] { namespaces_->setLabels(uuid, {{"k", "v"}}); }), "none");
    EXPECT_NE(codeOf([&] { namespaces_->setGrants(uuid, {{false, 33, {"enter"}}}); }), "none");
    EXPECT_NE(codeOf([&] { namespaces_->rename(uuid, Name("www")); }), "none");
    EXPECT_NE(codeOf([&] { destroy(uuid); }), "none");
    EXPECT_TRUE(record(uuid).labels.empty());
    EXPECT_TRUE(record(uuid).grants.empty());
    EXPECT_EQ(named("web").uuid, uuid);
    fs::remove(state() / "namespaces.d");
    fs::rename(state() / "aside", state() / "namespaces.d");
    EXPECT_TRUE(read().all.at(0).labels.empty());
}

TEST_F(PersistenceTest, aLimitedLifeIsNotPersistent) {
    auto leased = persistent("web");
    leased.lease = true;
    EXPECT_EQ(textOf([&] { create(leased); }), "persistent and lease exclude each other");
    auto timed = persistent("web");
    timed.ttl = std::chrono::seconds(1);
    EXPECT_EQ(codeOf([&] { create(timed); }), "InvalidArgument");
}

TEST_F(PersistenceTest, oneWhoseFileWasTakenAwayIsNoLongerPersistent) {
    const auto uuid = create(persistent("web"));
    fs::remove(file("web"));
    declare();
    EXPECT_EQ(record(uuid).lifetime, Lifetime::Manual);
    EXPECT_EQ(files(), Texts{}) << "it is not written again";
    restartAll();
    EXPECT_EQ(named("web").lifetime, Lifetime::Manual);
}

// A rename that was killed in between leaves two files of one UUID.
TEST_F(PersistenceTest, aFileUnderAnotherNameIsRemovedAtTheStart) {
    const auto uuid = create(persistent("web"));
    fs::copy_file(file("web"), file("www"));
    restartAll();
    EXPECT_EQ(named("web").uuid, uuid);
    EXPECT_FALSE(namespaces_->has(Name("www")));
    EXPECT_EQ(files(), Texts{"web.json"});

    fs::copy_file(file("web"), file("www"));
    reboot();
    EXPECT_EQ(files().size(), 1U) << "of two of one UUID, one is made";
    EXPECT_EQ(namespaces_->count(), 1U);
}

TEST_F(PersistenceTest, aDeclaredNameCannotBePersistent) {
    Definition web{.name = Name("web")};
    web.file = "/etc/nsd/namespaces.d/web.json";
    web.spec.types = {NamespaceType::Net};
    namespaces_->declare({{web}});
    namespaces_->carryOutDeclarations();
    loop_.settle();
    destroy(named("web").uuid, {.force = true});
    EXPECT_EQ(textOf([&] { create(persistent("web")); }),
        "\"web\" is declared in /etc/nsd/namespaces.d/web.json, and two files cannot keep one name");
    const auto uuid = create(persistent("www"));
    EXPECT_EQ(codeOf([&] { namespaces_->rename(uuid, Name("web")); }), "NameExists");
}

TEST_F(PersistenceTest, aPendingOneIsDestroyedWithItsFile) {
    create(persistent("web"));
    namespaces_.reset();
    fs::rename(pins(), directory_ / "before");
    static_cast<void>(restart());
    namespaces_->useStateDirectory(state());
    namespaces_->declare(read());
    EXPECT_EQ(named("web").state, State::Pending);
    EXPECT_EQ(destroy(named("web").uuid).released, Released::Yes);
    EXPECT_EQ(files(), Texts{});
}

TEST_F(PersistenceTest, aPublishedOneIsPublishedAgain) {
    auto wanted = persistent("web");
    wanted.publish = true;
    create(std::move(wanted));
    netRegister_.names.clear();
    reboot();
    const auto& web = namespaces_->find(Name("web"));
    EXPECT_EQ(netRegister_.names,
        (std::map<std::string, std::uint64_t>{{"web", web.identities.at(NamespaceType::Net).inode}}));
}

} // namespace
} // namespace nsd::test
