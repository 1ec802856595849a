// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A socket inside for a program outside that has no privilege at all.
#include "tests/support/ordinary_users.hpp"

namespace nsd::test {
namespace {

constexpr auto port = "28473";

class SocketInside : public UserTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("curl");
        UserTest::SetUp();
    }
    [[nodiscard]] std::unique_ptr<BackgroundProcess> serve(uid_t uid, const std::string& address) {
        CommandOptions options;
        options.user = uid;
        const Arguments command{TestDaemon::binary("nsctl"), "--bus=" + daemon().busAddress(), "socket",
            "web", address, "--", TestDaemon::binary("tests/listening_http_server")};
        return std::make_unique<BackgroundProcess>(command, options);
    }
    static Arguments ask(const std::string& host) {
        return {"curl", "--silent", "--show-error", "--max-time", "5", "--noproxy", "*",
            "http://" + host + ":" + port + "/"};
    }
    [[nodiscard]] CommandResult askInside(const std::string& host) {
        Arguments command{"exec", "web"};
        for (auto& word : ask(host))
            command.push_back(std::move(word));
        return daemon().nsctl(command);
    }
};

TEST_F(SocketInside, AServerOfAUserAnswersInsideAndNobodyOnTheHost) {
    nsctl({"create", "web", "--owner", std::to_string(user)});
    mustDie("web");
    {
        const auto server = serve(user, std::string("tcp:0.0.0.0:") + port);
        CommandResult inside;
        EXPECT_TRUE(eventually([&] {
            inside = askInside("127.0.0.1");
            return inside.ok();
        })) << inside.err;
        EXPECT_EQ(inside.out, "served by uid 33\n");
        EXPECT_NE(run(ask("127.0.0.1")).status, 0);
        // It lives where it lived before: only its socket is inside.
        EXPECT_EQ(
            inodeOf("/proc/" + std::to_string(server->pid()) + "/ns/net"), inodeOf("/proc/self/ns/net"));
    }
    destroy("web");
}

TEST_F(SocketInside, TheSameWithIpv6) {
    nsctl({"create", "web", "--owner", std::to_string(user)});
    {
        const auto server = serve(user, std::string("tcp6:[::1]:") + port);
        CommandResult inside;
        EXPECT_TRUE(eventually([&] {
            inside = askInside("[::1]");
            return inside.ok();
        })) << inside.err;
    }
    destroy("web");
}

TEST_F(SocketInside, IsARightThatOthersNeed) {
    nsctl({"create", "web", "--owner", std::to_string(user)});
    const auto refused = as(another, {"socket", "web", "tcp", "true"});
    EXPECT_EQ(refused.status, 125);
    nsctl({"grant", "web", "user:" + std::to_string(another), "socket"});
    EXPECT_EQ(as(another, {"socket", "web", "tcp", "true"}).status, 0);
    destroy("web");
}

TEST_F(SocketInside, EndsAsItsCommandDoes) {
    nsctl({"create", "web"});
    const auto status = [&](const Arguments& command) {
        Arguments line{"socket", "web"};
        line.insert(line.end(), command.begin(), command.end());
        return daemon().nsctl(line).status;
    };
    EXPECT_EQ(status({"tcp:127.0.0.1:0", "sh", "-c", "exit 7"}), 7);
    EXPECT_EQ(status({"udp", "--", "sh", "-c", "kill -TERM $$"}), 128 + 15);
    EXPECT_EQ(status({"tcp", "/dev/null"}), 126);
    EXPECT_EQ(status({"tcp", "no-such-program"}), 127);
    EXPECT_EQ(status({"tcp:192.0.2.1:80", "true"}), 125); // not an address of this namespace
    EXPECT_EQ(status({"tcp:80", "true"}), 2);
    destroy("web");
}

TEST_F(SocketInside, NeedsANetwork) {
    nsctl({"create", "box", "-t", "uts"});
    const auto refused = daemon().nsctl({"socket", "box", "tcp", "true"});
    EXPECT_EQ(refused.status, 125);
    EXPECT_NE(refused.err.find("has no type net"), std::string::npos) << refused.err;
    destroy("box");
}

} // namespace
} // namespace nsd::test
