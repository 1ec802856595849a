// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Ports that a declaration leads into its namespace: for as long as that is there, over failures and
// restarts.
#include "tests/support/process_table.hpp"
#include "tests/support/system_test.hpp"

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

constexpr auto portInside = "8080";

// One that nobody listens on now.
std::string freePort() {
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
    return std::to_string(ntohs(address.sin_port));
}

class DeclaredForward : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("curl");
        SystemTest::SetUp();
    }
    void declare(const std::string& port) {
        const auto file = daemon().directory() / "etc/namespaces.d/web.json";
        fs::create_directories(file.parent_path());
        writeFile(file, R"({"forwards": ["tcp:127.0.0.1:)" + port + ":" + portInside + "\"]}");
    }
    void reload() { ::kill(daemon().pid(), SIGHUP); }
    [[nodiscard]] bool becomesReady() {
        return eventually([&] {
            return daemon().nsctl({"show", "web"}).out.find("ready") != std::string::npos;
        });
    }
    [[nodiscard]] std::unique_ptr<BackgroundProcess> serve() {
        return std::make_unique<BackgroundProcess>(Arguments{TestDaemon::binary("nsctl"),
            "--bus=" + daemon().busAddress(), "socket", "web", std::string("tcp:127.0.0.1:") + portInside,
            "--", TestDaemon::binary("tests/listening_http_server")});
    }
    static bool answers(const std::string& port) {
        return run({"curl", "--silent", "--max-time", "5", "--noproxy", "*",
                       "http://127.0.0.1:" + port + "/"})
                   .out == "served by uid 0\n";
    }
    static bool comesToAnswer(const std::string& port) {
        return eventually([&] { return answers(port); });
    }
    [[nodiscard]] pid_t forwarder() {
        for (const auto& process : descendantsOf(daemon().pid()))
            if (process.comm == "nsctl")
                return process.pid;
        return 0;
    }
};

TEST_F(DeclaredForward, IsThereWithTheNamespaceAndGoesWithIt) {
    const auto port = freePort();
    declare(port);
    reload();
    ASSERT_TRUE(becomesReady()) << daemon().log();
    {
        const auto server = serve();
        EXPECT_TRUE(comesToAnswer(port)) << daemon().log();
        // It fails, and is started anew.
        ::kill(forwarder(), SIGKILL);
        EXPECT_TRUE(comesToAnswer(port)) << daemon().log();
        daemon().kill9();
        daemon().start();
        EXPECT_TRUE(comesToAnswer(port)) << daemon().log();
    }
    mustDie("web");
    destroy("web", {"--force"});
    EXPECT_TRUE(eventually([&] { return forwarder() == 0; }));
    EXPECT_FALSE(answers(port));
}

TEST_F(DeclaredForward, FollowsItsFile) {
    const auto first = freePort();
    declare(first);
    reload();
    ASSERT_TRUE(becomesReady()) << daemon().log();
    const auto second = freePort();
    {
        const auto server = serve();
        EXPECT_TRUE(comesToAnswer(first)) << daemon().log();
        declare(second);
        reload();
        EXPECT_TRUE(comesToAnswer(second)) << daemon().log();
        EXPECT_FALSE(answers(first));
    }
    destroy("web", {"--force"});
}

} // namespace
} // namespace nsd::test
