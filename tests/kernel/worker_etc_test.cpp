// SPDX-License-Identifier: LGPL-2.1-or-later
// Files for /etc as the real worker reads them: as the one who points at them, and never what is none.
#include "tests/kernel/worker_process.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using namespace protocol;

constexpr uid_t user = 12345;

class WorkerEtc : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        adoptOrphans();
        std::filesystem::create_directory(files());
        give(files(), user);
        std::filesystem::permissions(directory_.path(), std::filesystem::perms(0755));
    }
    void TearDown() override { reapOrphans(); }

    [[nodiscard]] std::filesystem::path files() const { return directory_ / "files"; }
    static void give(const std::filesystem::path& path, uid_t uid) {
        ASSERT_EQ(::lchown(path.c_str(), uid, uid), 0);
    }
    void write(const std::string& name, const std::string& text, mode_t mode = 0644) const {
        writeFile(files() / name, text);
        ASSERT_EQ(::chmod((files() / name).c_str(), mode), 0);
    }
    [[nodiscard]] EtcFiles readFd(int fd, uid_t uid = user) {
        return worker_.askFor<EtcFilesReply>(EtcFilesRequest{{uid, uid, {uid}}}, {fd}).files;
    }
    [[nodiscard]] EtcFiles read(uid_t uid = user) {
        const UniqueFd fd(::open(files().c_str(), O_PATH | O_CLOEXEC));
        return readFd(fd.get(), uid);
    }
    [[nodiscard]] std::string refusal(Errc code, uid_t uid = user) {
        return errorTextOf(code, [&] { static_cast<void>(read(uid)); });
    }

    TempDir directory_;
    WorkerProcess worker_;
};

TEST_F(WorkerEtc, FilesAreReadByTheirNames) {
    write("resolv.conf", "nameserver 10.0.0.1\n");
    write("hosts", "");
    EXPECT_EQ(read(), (EtcFiles{{"hosts", ""}, {"resolv.conf", "nameserver 10.0.0.1\n"}}));
    give(files(), 0);
    EXPECT_EQ(read().size(), 2U) << "everybody may point at root's";
    EXPECT_EQ(read(0).size(), 2U);
}

TEST_F(WorkerEtc, AnothersDirectoryIsRefused) {
    write("hosts", "");
    give(files(), user + 1);
    EXPECT_NE(refusal(Errc::AccessDenied).find("uid 12346"), std::string::npos);
    EXPECT_NE(refusal(Errc::AccessDenied, 0).find("uid 12346"), std::string::npos) << "root's must be root's";
}

TEST_F(WorkerEtc, WhatIsNoDirectoryIsAWrongDescriptor) {
    write("hosts", "");
    const UniqueFd file(::open((files() / "hosts").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_NE(errorTextOf(Errc::WrongFd, [&] { static_cast<void>(readFd(file.get())); }).find("no directory"),
        std::string::npos);
}

TEST_F(WorkerEtc, ASymbolicLinkIsRefusedWhereverItLeads) {
    std::filesystem::create_symlink("/etc/shadow", files() / "resolv.conf");
    EXPECT_NE(refusal(Errc::InvalidArgument).find("symbolic link"), std::string::npos);
    give(files(), 0);
    EXPECT_NE(refusal(Errc::InvalidArgument, 0).find("symbolic link"), std::string::npos);
}

TEST_F(WorkerEtc, WhatIsNoRegularFileIsRefusedAndNeverWaitedFor) {
    const auto refused = [&](const char* name) {
        const auto said = refusal(Errc::InvalidArgument);
        EXPECT_NE(said.find(std::string("\"") + name + "\" is no regular file"), std::string::npos) << said;
        std::filesystem::remove(files() / name);
    };
    ASSERT_EQ(::mkfifo((files() / "fifo").c_str(), 0644), 0);
    refused("fifo");
    ASSERT_EQ(::mknod((files() / "device").c_str(), S_IFCHR | 0644, makedev(1, 5)), 0);
    refused("device");
    std::filesystem::create_directory(files() / "directory");
    refused("directory");
}

TEST_F(WorkerEtc, WhatTheUserMayNotReadIsNotReadForHim) {
    write("secret", "root's", 0600);
    EXPECT_NE(refusal(Errc::InvalidArgument).find("not for everybody"), std::string::npos);
    give(files(), 0);
    EXPECT_NE(refusal(Errc::InvalidArgument, 0).find("not for everybody"), std::string::npos);
    std::filesystem::remove(files() / "secret");
    write("hosts", "");
    ASSERT_EQ(::chmod(files().c_str(), 0700), 0);
    static_cast<void>(refusal(Errc::KernelError)); // EACCES, though he has a descriptor of it
}

TEST_F(WorkerEtc, TooMuchIsRefusedSoon) {
    write("hosts", std::string(maxEtcBytes + 1, 'x'));
    EXPECT_NE(refusal(Errc::InvalidArgument).find("262144 bytes"), std::string::npos);
    write("hosts", std::string(maxEtcBytes, 'x'));
    EXPECT_EQ(read().at("hosts").size(), maxEtcBytes);
    write("more", "x");
    EXPECT_NE(refusal(Errc::InvalidArgument).find("262144 bytes"), std::string::npos);
    ASSERT_EQ(::truncate((files() / "more").c_str(), off_t{1} << 40U), 0);
    EXPECT_NE(refusal(Errc::InvalidArgument).find("262144 bytes"), std::string::npos);
}

TEST_F(WorkerEtc, TenThousandFilesAreNotLookedAt) {
    for (int i = 0; i < 10'000; ++i)
        writeFile(files() / std::to_string(i), "");
    EXPECT_NE(refusal(Errc::InvalidArgument).find("more than 64"), std::string::npos);
}

TEST_F(WorkerEtc, WhatIsNotTextIsRefused) {
    write("hosts", std::string("a\0b", 3));
    EXPECT_NE(refusal(Errc::InvalidArgument).find("UTF-8"), std::string::npos);
    write("hosts", "\xff\xfe");
    EXPECT_NE(refusal(Errc::InvalidArgument).find("UTF-8"), std::string::npos);
}

TEST_F(WorkerEtc, WhatHasNoNameOfAFileInEtcIsRefusedAndOfTheAdministratorsLeftOut) {
    for (const std::string name : {"\xff", "a\nb"}) {
        write(name, "");
        EXPECT_NE(refusal(Errc::InvalidArgument).find("no name of a file in /etc"), std::string::npos);
        const auto reply =
            worker_.askFor<EtcReply>(EtcRequest{files(), {}, {}, worker_.runtimeDirectory().path()});
        EXPECT_TRUE(reply.files.empty());
        ASSERT_EQ(reply.remarks.size(), 1U);
        EXPECT_NE(reply.remarks.front().find("no name of a file in /etc"), std::string::npos);
        std::filesystem::remove(files() / name);
    }
}

TEST_F(WorkerEtc, OfEqualNamesTheNamespacesOwnCountsThenTheAdministratorsThenTheDefault) {
    write("hosts", "administrator's");
    write("services", "administrator's");
    std::filesystem::create_directory(files() / "left out");
    const EtcFiles defaults{{"hosts", "default"}, {"services", "default"}, {"networks", "default"}};
    auto answer =
        worker_.ask(EtcRequest{files(), defaults, {{"hosts", "own"}}, worker_.runtimeDirectory().path()});
    if (const auto* error = std::get_if<Error>(&answer.reply))
        FAIL() << error->text();
    const auto& reply = std::get<EtcReply>(answer.reply);
    EXPECT_EQ(reply.files, (std::vector<std::string>{"hosts", "networks", "services"}));
    ASSERT_EQ(reply.remarks.size(), 1U);
    EXPECT_NE(reply.remarks.front().find("\"left out\" is no regular file"), std::string::npos);
    ASSERT_EQ(answer.fds.size(), 1U);
    const auto mounted = std::filesystem::path("/proc/self/fd/" + std::to_string(answer.fds.front().get()));
    EXPECT_EQ(readFile(mounted / "hosts"), "own");
    EXPECT_EQ(readFile(mounted / "services"), "administrator's");
    EXPECT_EQ(readFile(mounted / "networks"), "default");
    EXPECT_EQ(readFile(mounted / "passwd"), readFile("/etc/passwd"));
    EXPECT_NE(::access((mounted / "hosts").c_str(), W_OK), 0) << "it is read-only";
}

TEST_F(WorkerEtc, AllThatMayBeGivenHasRoom) {
    const auto most = [](const std::string& name) {
        EtcFiles files;
        const std::string text(maxEtcBytes / maxEtcFiles, 'x'); // and a page more or less for each
        for (std::size_t i = 0; i < maxEtcFiles; i += 2) {
            files.emplace(name + std::to_string(i), text + 'x');
            files.emplace(name + std::to_string(i + 1), text.substr(1));
        }
        return files;
    };
    for (const auto& [name, text] : most("administrators"))
        write(name, text);
    const auto reply = worker_.askFor<EtcReply>(
        EtcRequest{files(), most("default"), most("own"), worker_.runtimeDirectory().path()});
    EXPECT_EQ(reply.remarks, std::vector<std::string>{});
    EXPECT_EQ(reply.files.size(), 3 * maxEtcFiles);
}

TEST_F(WorkerEtc, WithoutFilesThereIsNoMount) {
    const auto answer =
        worker_.ask(EtcRequest{directory_ / "none", {}, {}, worker_.runtimeDirectory().path()});
    EXPECT_TRUE(std::get<EtcReply>(answer.reply).files.empty());
    EXPECT_TRUE(answer.fds.empty());
}

} // namespace
} // namespace nsd::test
