// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What nsd starts in a namespace that somebody else rules: it is never the host's root to the kernel,
// and nobody inside gets hold of it before it is the command.
#include "tests/support/system_test.hpp"
#include "tests/system/exec_client.hpp"

#include <filesystem>
#include <stdexcept>
#include <sys/stat.h>

namespace nsd::test {
namespace {

constexpr auto owner = "12345";

class HostileExec : public SystemTest {
  protected:
    void SetUp() override {
        SystemTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        ::chmod(directory_.path().c_str(), 0755);
        writeFile(file(), "of the host\n");
        ::chmod(file().c_str(), 0644);
        nsctl({"create", "box", "-t", "user,mnt,pid,uts", "--owner", owner, "--map-root"});
    }
    void TearDown() override {
        if (!IsSkipped())
            destroy("box", {"--force"});
        SystemTest::TearDown();
    }
    // A file of the host's root that others may read, as /etc/passwd is.
    [[nodiscard]] std::string file() const { return directory_.path() / "root-owned"; }
    [[nodiscard]] std::string inDirectory(const std::string& leaf) const { return directory_.path() / leaf; }

  private:
    TempDir directory_;
};

TEST_F(HostileExec, ACommandOfRootIsNotTheHostsRootInside) {
    ExecClient client(daemon().busAddress());
    const auto process = client.exec("box", {"sh", "-c", "echo overwritten > " + file()}, {});
    const auto [code, status] = client.wait(process.path);
    EXPECT_FALSE(code == CLD_EXITED && status == 0);
    EXPECT_EQ(readFile(file()), "of the host\n");
}

TEST_F(HostileExec, NeitherItsMountsNorItsProcessesWithoutItsUsers) {
    ExecClient client(daemon().busAddress());
    for (const auto* type : {"mnt", "pid"}) {
        ExecClient::Options options;
        options.types = {type};
        EXPECT_THROW(static_cast<void>(client.exec("box", {"sh", "-c", "echo x > " + file()}, options)),
            std::runtime_error)
            << type;
    }
    EXPECT_EQ(readFile(file()), "of the host\n");
}

// CVE-2016-9962.
TEST_F(HostileExec, RootInsideDoesNotTraceItBeforeItIsTheCommand) {
    const auto program = inDirectory("hostile");
    std::filesystem::copy_file(NSD_HOSTILE_PROGRAM, program);
    ::chmod(program.c_str(), 0755);
    const auto said = inDirectory("said");
    BackgroundProcess hostile(
        {TestDaemon::binary("nsctl"), "--bus=" + daemon().busAddress(), "exec", "box", program, "trace", "3"},
        {}, said);
    ASSERT_TRUE(eventually([&] { return readFile(said).find("ready") != std::string::npos; }));
    ExecClient client(daemon().busAddress());
    int started = 0;
    for (; !hostile.wait(std::chrono::milliseconds(0)); ++started)
        static_cast<void>(client.exec("box", {"sleep", "0.01"}, {}));
    EXPECT_GT(started, 5);
    EXPECT_EQ(hostile.wait(std::chrono::milliseconds(0)), 0);
    EXPECT_EQ(readFile(said).find("traced"), std::string::npos) << readFile(said);
    EXPECT_NE(readFile(said).find("got "), std::string::npos) << readFile(said);
    EXPECT_EQ(readFile(said).find("got 0\n"), std::string::npos) << "it saw nobody: " << readFile(said);
}

} // namespace
} // namespace nsd::test
