// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/boot_id.hpp"
#include "tests/support/require.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <sys/mount.h>
#include <sys/stat.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

// What a start finds in the pins' directory that nsd did not put there.
class Rubbish : public CoreTest {
  protected:
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
};

TEST_F(Rubbish, QuarantinesAPlainFile) {
    writeFile(pins() / "web", "x");
    expectQuarantined("web", "Not a directory");
}

TEST_F(Rubbish, QuarantinesASymbolicLink) {
    fs::create_directory(directory_ / "elsewhere");
    fs::create_symlink(directory_ / "elsewhere", pins() / "web");
    expectQuarantined("web", "open");
}

TEST_F(Rubbish, QuarantinesAForbiddenName) {
    fs::create_directory(pins() / ".hidden");
    expectQuarantined(".hidden", "is not a namespace name");
}

TEST_F(Rubbish, QuarantinesADirectoryWithoutMeta) {
    fs::create_directories(pins() / "web" / "a" / "b" / "c");
    expectQuarantined("web", "meta");
}

TEST_F(Rubbish, QuarantinesAFifoAsMetaWithoutWaitingForAWriter) {
    static_cast<void>(create("web"));
    fs::remove(pins() / "web" / "meta");
    ASSERT_EQ(::mkfifo((pins() / "web" / "meta").c_str(), 0600), 0);
    expectQuarantined("web", "meta is not a regular file");
}

TEST_F(Rubbish, QuarantinesALinkAsMeta) {
    static_cast<void>(create("web"));
    fs::rename(pins() / "web" / "meta", directory_ / "meta");
    fs::create_symlink(directory_ / "meta", pins() / "web" / "meta");
    expectQuarantined("web", "symbolic link");
}

TEST_F(Rubbish, QuarantinesAHugeMeta) {
    static_cast<void>(create("web"));
    fs::resize_file(pins() / "web" / "meta", (1U << 20U) + 1);
    expectQuarantined("web", "more than 1048576 bytes");
}

TEST_F(Rubbish, QuarantinesAMetaThatIsNoJson) {
    static_cast<void>(create("web"));
    writeFile(pins() / "web" / "meta", std::string(100'000, '['));
    expectQuarantined("web", "not JSON");
}

TEST_F(Rubbish, QuarantinesAnUnknownSchema) {
    static_cast<void>(create("web"));
    editMeta("web", "\"schema\": 1", "\"schema\": 2");
    expectQuarantined("web", "schema 2 is not known");
}

TEST_F(Rubbish, QuarantinesAnotherBoot) {
    static_cast<void>(create("web"));
    editMeta("web", readBootId(), "00000000-0000-0000-0000-000000000000");
    expectQuarantined("web", "another boot");
}

TEST_F(Rubbish, QuarantinesOtherIds) {
    const auto uuid = create("web");
    const auto id = std::to_string(record(uuid).identities.at(NamespaceType::Net).id);
    editMeta("web", "\"id\": " + id, "\"id\": 1");
    expectQuarantined("web", "another namespace's");
}

TEST_F(Rubbish, QuarantinesATypeThatIsNotRecorded) {
    static_cast<void>(create("web"));
    fs::copy_file(pins() / "web" / "net", pins() / "web" / "ipc");
    expectQuarantined("web", "type ipc is not recorded");
}

TEST_F(Rubbish, QuarantinesAPinUnderAnotherTypesName) {
    static_cast<void>(create("web", {NamespaceType::Net, NamespaceType::Uts}));
    fs::remove(pins() / "web" / "uts");
    fs::copy_file(pins() / "web" / "net", pins() / "web" / "uts");
    expectQuarantined("web", "another namespace's");
}

TEST_F(Rubbish, QuarantinesPlainFilesWithoutANamespace) {
    static_cast<void>(create("web"));
    writeFile(pins() / "web" / "net", "no longer bound");
    expectQuarantined("web", "none of its pins");
}

TEST_F(Rubbish, QuarantinesTheCopyOfADirectory) {
    const auto uuid = create("web");
    fs::copy(pins() / "web", pins() / "web2", fs::copy_options::recursive);
    expectQuarantined("web2", "its UUID is that of \"web\"");
    EXPECT_EQ(record(uuid).name.str(), "web");
}

TEST_F(Rubbish, QuarantinesASecondNameForAKernelNamespace) {
    const auto uuid = create("web");
    fs::copy(pins() / "web", pins() / "web2", fs::copy_options::recursive);
    editMeta("web2", uuid.str(), Uuid::random().str());
    expectQuarantined("web2", "its net namespace is that of \"web\"");
}

TEST_F(Rubbish, QuarantinesStrangersInTheAreas) {
    fs::create_directory(pins() / ".stage" / "no-uuid");
    writeFile(pins() / ".trash" / Uuid::random().str(), "a file");
    const auto bad = restart();
    EXPECT_EQ(bad.size(), 2U);
    EXPECT_EQ(entries(".quarantine").size(), 2U);
    EXPECT_TRUE(entries(".stage").empty());
    EXPECT_TRUE(entries(".trash").empty());
}

TEST_F(Rubbish, MovesThingsAsideThatAreCalledAsTheAreas) {
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

TEST_F(Rubbish, LeavesAMountPointWhereItIsAndItsNameTaken) {
    NSD_REQUIRE_ROOT();
    fs::create_directory(pins() / "web");
    ASSERT_EQ(::mount("tmpfs", (pins() / "web").c_str(), "tmpfs", 0, "size=4k"), 0);
    const auto bad = restart();
    ASSERT_EQ(bad.size(), 1U);
    EXPECT_NE(bad[0].reason.find("it stays where it is"), std::string::npos) << bad[0].reason;
    EXPECT_EQ(codeOf([&] { create("web"); }), "NameExists");
    EXPECT_EQ(::umount2((pins() / "web").c_str(), MNT_DETACH), 0);
}

TEST_F(Rubbish, OfRubbishLeavesTheGoodAlone) {
    const auto good = create("good", NamespaceTypes::all());
    for (const auto* name : {"a", "h", "z"})
        writeFile(pins() / name, "x");
    EXPECT_EQ(restart().size(), 3U);
    EXPECT_EQ(record(good).state, State::Ready);
    EXPECT_TRUE(restart().empty()) << "reported once";
}

} // namespace
} // namespace nsd::test
