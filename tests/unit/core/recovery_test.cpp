// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/boot_id.hpp"
#include "daemon/core/meta.hpp"
#include "tests/support/require.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <sys/mount.h>
#include <sys/stat.h>

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
    // Rewrites a text in a meta file.
    void editMeta(const std::string& name, const std::string& from, const std::string& to) {
        auto text = readFile(pins() / name / "meta");
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from << " is not in " << text;
        text.replace(at, from.size(), to);
        writeFile(pins() / name / "meta", text);
    }
    // The one thing in quarantine, reported under `entry` with this in its reason.
    void expectQuarantined(const std::string& entry, const std::string& reason) {
        const auto bad = restart();
        ASSERT_EQ(bad.size(), 1U);
        EXPECT_EQ(bad[0].entry, entry);
        EXPECT_NE(bad[0].reason.find(reason), std::string::npos) << bad[0].reason;
        EXPECT_EQ(entries(".quarantine").size(), 1U);
        EXPECT_EQ(namespaces_->count(), entries().size());
        kernel_.forgetDropped();
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

// ---- rubbish ------------------------------------------------------------------------------------

TEST_F(Recovery, QuarantinesAPlainFile) {
    writeFile(pins() / "web", "x");
    expectQuarantined("web", "Not a directory");
}

TEST_F(Recovery, QuarantinesASymbolicLink) {
    fs::create_directory(directory_ / "elsewhere");
    fs::create_symlink(directory_ / "elsewhere", pins() / "web");
    expectQuarantined("web", "open");
}

TEST_F(Recovery, QuarantinesAForbiddenName) {
    fs::create_directory(pins() / ".hidden");
    expectQuarantined(".hidden", "is not a namespace name");
}

TEST_F(Recovery, QuarantinesADirectoryWithoutMeta) {
    fs::create_directories(pins() / "web" / "a" / "b" / "c");
    expectQuarantined("web", "meta");
}

TEST_F(Recovery, QuarantinesAFifoAsMetaWithoutWaitingForAWriter) {
    static_cast<void>(create("web"));
    fs::remove(pins() / "web" / "meta");
    ASSERT_EQ(::mkfifo((pins() / "web" / "meta").c_str(), 0600), 0);
    expectQuarantined("web", "meta is not a regular file");
}

TEST_F(Recovery, QuarantinesALinkAsMeta) {
    static_cast<void>(create("web"));
    fs::rename(pins() / "web" / "meta", directory_ / "meta");
    fs::create_symlink(directory_ / "meta", pins() / "web" / "meta");
    expectQuarantined("web", "symbolic link");
}

TEST_F(Recovery, QuarantinesAHugeMeta) {
    static_cast<void>(create("web"));
    fs::resize_file(pins() / "web" / "meta", (1U << 20U) + 1);
    expectQuarantined("web", "more than 1048576 bytes");
}

TEST_F(Recovery, QuarantinesAMetaThatIsNoJson) {
    static_cast<void>(create("web"));
    writeFile(pins() / "web" / "meta", std::string(100'000, '['));
    expectQuarantined("web", "not JSON");
}

TEST_F(Recovery, QuarantinesAnUnknownSchema) {
    static_cast<void>(create("web"));
    editMeta("web", "\"schema\": 1", "\"schema\": 2");
    expectQuarantined("web", "schema 2 is not known");
}

TEST_F(Recovery, QuarantinesAnotherBoot) {
    static_cast<void>(create("web"));
    editMeta("web", readBootId(), "00000000-0000-0000-0000-000000000000");
    expectQuarantined("web", "another boot");
}

TEST_F(Recovery, QuarantinesOtherIds) {
    const auto uuid = create("web");
    const auto id = std::to_string(record(uuid).identities.at(NamespaceType::Net).id);
    editMeta("web", "\"id\": " + id, "\"id\": 1");
    expectQuarantined("web", "another namespace's");
}

TEST_F(Recovery, QuarantinesATypeThatIsNotRecorded) {
    static_cast<void>(create("web"));
    fs::copy_file(pins() / "web" / "net", pins() / "web" / "ipc");
    expectQuarantined("web", "type ipc is not recorded");
}

TEST_F(Recovery, QuarantinesAPinUnderAnotherTypesName) {
    static_cast<void>(create("web", {NamespaceType::Net, NamespaceType::Uts}));
    fs::remove(pins() / "web" / "uts");
    fs::copy_file(pins() / "web" / "net", pins() / "web" / "uts");
    expectQuarantined("web", "another namespace's");
}

TEST_F(Recovery, QuarantinesPlainFilesWithoutANamespace) {
    static_cast<void>(create("web"));
    writeFile(pins() / "web" / "net", "no longer bound");
    expectQuarantined("web", "none of its pins");
}

TEST_F(Recovery, QuarantinesTheCopyOfADirectory) {
    const auto uuid = create("web");
    fs::copy(pins() / "web", pins() / "web2", fs::copy_options::recursive);
    expectQuarantined("web2", "its UUID is that of \"web\"");
    EXPECT_EQ(record(uuid).name.str(), "web");
}

TEST_F(Recovery, QuarantinesASecondNameForAKernelNamespace) {
    const auto uuid = create("web");
    fs::copy(pins() / "web", pins() / "web2", fs::copy_options::recursive);
    editMeta("web2", uuid.str(), Uuid::random().str());
    expectQuarantined("web2", "its net namespace is that of \"web\"");
}

TEST_F(Recovery, QuarantinesStrangersInTheAreas) {
    fs::create_directory(pins() / ".stage" / "no-uuid");
    writeFile(pins() / ".trash" / Uuid::random().str(), "a file");
    const auto bad = restart();
    EXPECT_EQ(bad.size(), 2U);
    EXPECT_EQ(entries(".quarantine").size(), 2U);
    EXPECT_TRUE(entries(".stage").empty());
    EXPECT_TRUE(entries(".trash").empty());
}

TEST_F(Recovery, MovesThingsAsideThatAreCalledAsTheAreas) {
    namespaces_.reset();
    for (const auto* area : {".stage", ".trash", ".quarantine"})
        fs::remove(pins() / area);
    writeFile(pins() / ".stage", "x");
    fs::create_symlink("/", pins() / ".trash");
    ASSERT_EQ(::mkfifo((pins() / ".quarantine").c_str(), 0600), 0);
    EXPECT_EQ(restart().size(), 3U);
    EXPECT_EQ(entries(".quarantine").size(), 3U);
    EXPECT_EQ(destroy(create("web")).released, Released::Yes);
}

TEST_F(Recovery, LeavesAMountPointWhereItIsAndItsNameTaken) {
    NSD_REQUIRE_ROOT();
    fs::create_directory(pins() / "web");
    ASSERT_EQ(::mount("tmpfs", (pins() / "web").c_str(), "tmpfs", 0, "size=4k"), 0);
    const auto bad = restart();
    ASSERT_EQ(bad.size(), 1U);
    EXPECT_NE(bad[0].reason.find("it stays where it is"), std::string::npos) << bad[0].reason;
    EXPECT_EQ(codeOf([&] { create("web"); }), "NameExists");
    EXPECT_EQ(::umount2((pins() / "web").c_str(), MNT_DETACH), 0);
}

TEST_F(Recovery, OfRubbishLeavesTheGoodAlone) {
    const auto good = create("good", all);
    for (const auto* name : {"a", "h", "z"})
        writeFile(pins() / name, "x");
    EXPECT_EQ(restart().size(), 3U);
    EXPECT_EQ(record(good).state, State::Ready);
    EXPECT_EQ(log_.warnings.size(), 3U);
    EXPECT_TRUE(restart().empty()) << "reported once";
}

} // namespace
} // namespace nsd::test
