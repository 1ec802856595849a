// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl -H through a real sshd, which listens to loopback alone.
#include "tests/support/system_test.hpp"
#include "tests/support/temp_dir.hpp"

#include <arpa/inet.h>
#include <filesystem>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

int freePort() {
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

class Remote : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE(fs::exists("/usr/sbin/sshd"), "sshd (package openssh-server)");
        NSD_REQUIRE_PROGRAM("ssh");
        SystemTest::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        madeRunDirectory_ = fs::create_directory("/run/sshd"); // which sshd wants, and its unit makes
        mustRun({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file("host")});
        mustRun({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file("user")});
        const auto port = std::to_string(freePort());
        writeFile(directory_ / "sshd",
            "Port " + port + "\nListenAddress 127.0.0.1\nHostKey " + file("host") + "\nAuthorizedKeysFile " +
                file("user") +
                ".pub\nPidFile none\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nSetEnv PATH=" +
                TestDaemon::binary("nsctl").parent_path().string() +
                ":/usr/bin:/bin NSD_BUS_ADDRESS=" + daemon().busAddress() + " LSAN_OPTIONS=detect_leaks=0\n");
        writeFile(directory_ / "ssh", "Host first second\nHostName 127.0.0.1\nPort " + port +
                                          "\nUser root\nIdentityFile " + file("user") +
                                          "\nUserKnownHostsFile /dev/null\n" +
                                          "StrictHostKeyChecking no\nLogLevel ERROR\nBatchMode yes\n");
        writeFile(directory_ / "ssh.sh", "#!/bin/sh\nexec ssh -F " + file("ssh") + " \"$@\"\n");
        ::chmod(file("ssh.sh").c_str(), 0755);
        sshd_ =
            std::make_unique<BackgroundProcess>(Arguments{"/usr/sbin/sshd", "-D", "-e", "-f", file("sshd")});
        EXPECT_TRUE(eventually([&] {
            return remote({"-H", "first", "version"}).ok();
        })) << remote({"-H", "first", "version"}).err;
    }
    void TearDown() override {
        if (sshd_)
            sshd_->kill();
        if (madeRunDirectory_)
            fs::remove("/run/sshd");
        SystemTest::TearDown();
    }
    [[nodiscard]] std::string file(const std::string& leaf) const { return (directory_ / leaf).string(); }
    // Here, where no nsd is: what it says can only come from there.
    [[nodiscard]] CommandResult remote(const Arguments& words) const {
        Arguments line{TestDaemon::binary("nsctl").string()};
        line.insert(line.end(), words.begin(), words.end());
        CommandOptions options;
        options.environment["NSD_SSH"] = file("ssh.sh");
        options.environment["NSD_BUS_ADDRESS"] = "unix:path=/nowhere";
        return run(line, options);
    }

  private:
    TempDir directory_;
    bool madeRunDirectory_ = false;
    std::unique_ptr<BackgroundProcess> sshd_;
};

TEST_F(Remote, EveryVerbWorksThereWithItsWordsAsTheyAre) {
    EXPECT_EQ(
        remote({"-H", "first", "create", "web", "-t", "uts", "--label", "say=it's \"$HOME\" & more"}).err,
        "");
    EXPECT_NE(nsctl({"show", "web"}).find("say=it's \"$HOME\" & more"), std::string::npos);
    EXPECT_EQ(remote({"--host=first", "exec", "web", "sh", "-c", "echo 'a  b'; exit 7"}).out, "a  b\n");
    EXPECT_EQ(remote({"--host=first", "exec", "web", "sh", "-c", "exit 7"}).status, 7);
    EXPECT_EQ(
        remote({"-H", "first", "--json=short", "list"}).out, daemon().nsctl({"list", "--json=short"}).out);
    EXPECT_EQ(remote({"-H", "first", "show", "other"}).status, 1);
    destroy("web");
}

TEST_F(Remote, SeveralHostsAreOneTable) {
    nsctl({"create", "web", "-t", "uts"});
    const auto table = remote({"-H", "first", "-H", "second", "list"});
    EXPECT_EQ(table.status, 0) << table.err;
    EXPECT_EQ(table.out.rfind("HOST", 0), 0U) << table.out;
    EXPECT_NE(table.out.find("\nfirst  web"), std::string::npos) << table.out;
    EXPECT_NE(table.out.find("\nsecond web"), std::string::npos) << table.out;
    const auto rows = Json::parse(remote({"-H", "first", "-H", "second", "--json=short", "list"}).out);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows.at(1).at("host"), "second");
    EXPECT_EQ(rows.at(1).at("uuid"), rows.at(0).at("uuid"));
    EXPECT_NE(remote({"-H", "first", "-H", "second", "status"}).out.find("\nsecond "), std::string::npos);
    destroy("web");
}

TEST_F(Remote, WhatFailsOnOneHostIsToldWithItsNameAndTheOthersAreShown) {
    nsctl({"create", "web", "-t", "uts"});
    const auto created = remote({"-H", "first", "-H", "second", "create", "web"});
    EXPECT_EQ(created.status, 1);
    EXPECT_NE(created.err.find("nsctl: first: create web: "), std::string::npos) << created.err;
    const auto table = remote({"-H", "nsd-test-no-such-host.invalid", "-H", "first", "list"});
    EXPECT_NE(table.status, 0);
    EXPECT_NE(table.err.find("nsctl: nsd-test-no-such-host.invalid: "), std::string::npos) << table.err;
    EXPECT_NE(table.out.find("first web"), std::string::npos) << table.out;
    EXPECT_EQ(remote({"-H", "first", "-H", "second", "exec", "web", "true"}).status, 2);
    EXPECT_EQ(remote({"-H", "-oProxyCommand=x", "list"}).status, 2);
    destroy("web");
}

} // namespace
} // namespace nsd::test
