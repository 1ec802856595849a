// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A client on the host reaches a server in a network namespace that has no link but lo, through nsctl forward
// and nothing else.
#include "tests/support/ordinary_users.hpp"

#include <nlohmann/json.hpp>

namespace nsd::test {
namespace {

using Json = nlohmann::json;

constexpr auto portInside = "8080";

// nsctl forward, running; where it listens it says itself.
class Forwarding {
  public:
    Forwarding(const TestDaemon& daemon, uid_t uid, const Arguments& words) : output_(directory_ / "out") {
        CommandOptions options;
        if (uid != 0)
            options.user = uid;
        Arguments command{
            TestDaemon::binary("nsctl"), "--bus=" + daemon.busAddress(), "--json=short", "forward"};
        command.insert(command.end(), words.begin(), words.end());
        process_ = std::make_unique<BackgroundProcess>(command, options, output_);
        EXPECT_TRUE(eventually([&] { return says().find('\n') != std::string::npos; })) << says();
    }
    [[nodiscard]] std::string says() const { return readFile(output_); }
    // "127.0.0.1:40123"
    [[nodiscard]] std::string at(std::size_t which = 0) const {
        const auto all = says();
        return Json::parse(all.substr(0, all.find('\n'))).at(which).at("outside").get<std::string>();
    }
    BackgroundProcess& process() { return *process_; }

  private:
    TempDir directory_;
    std::string output_;
    std::unique_ptr<BackgroundProcess> process_;
};

class ForwardTest : public UserTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("curl");
        UserTest::SetUp();
    }
    [[nodiscard]] std::unique_ptr<BackgroundProcess> serve(const std::string& address = "tcp:127.0.0.1") {
        return std::make_unique<BackgroundProcess>(
            Arguments{TestDaemon::binary("nsctl"), "--bus=" + daemon().busAddress(), "socket", "web",
                address + ":" + portInside, "--", TestDaemon::binary("tests/listening_http_server")});
    }
    static CommandResult get(const std::string& where) {
        return run({"curl", "--silent", "--show-error", "--max-time", "5", "--noproxy", "*",
            "http://" + where + "/"});
    }
    // Until the server listens.
    static std::string answerAt(const std::string& where) {
        CommandResult result;
        static_cast<void>(eventually([&] { return (result = get(where)).ok(); }));
        return result.ok() ? result.out : result.err;
    }
    static std::string toInside(const std::string& outside = "tcp:127.0.0.1:0") {
        return outside + ":" + portInside;
    }
};

TEST_F(ForwardTest, OfRootReachesAServerInside) {
    nsctl({"create", "web"});
    mustDie("web");
    {
        const auto server = serve();
        Forwarding forwarding(daemon(), 0, {"web", toInside(), toInside("tcp:[::1]:0:127.0.0.1")});
        EXPECT_EQ(answerAt(forwarding.at()), "served by uid 0\n");
        EXPECT_EQ(get(forwarding.at(1)).out, "served by uid 0\n") << "from IPv6 to IPv4";
        // Nothing was added to the namespace for it, and the program lives outside.
        EXPECT_EQ(nsctl({"exec", "web", "ls", "/sys/class/net"}).find("veth"), std::string::npos);
        EXPECT_EQ(inodeOf("/proc/" + std::to_string(forwarding.process().pid()) + "/ns/net"),
            inodeOf("/proc/self/ns/net"));
    }
    destroy("web");
}

TEST_F(ForwardTest, OfAUserDoesTheSameWithTheRightToSocketsAlone) {
    nsctl({"create", "web"});
    nsctl({"grant", "web", "user:" + std::to_string(user), "socket"});
    {
        const auto server = serve();
        Forwarding forwarding(daemon(), user, {"web", toInside()});
        EXPECT_EQ(answerAt(forwarding.at()), "served by uid 0\n");
        for (int i = 0; i < 30; ++i) // more than were got in advance
            EXPECT_EQ(get(forwarding.at()).out, "served by uid 0\n");
        const auto refused = as(another, {"forward", "web", toInside()});
        EXPECT_EQ(refused.status, 1);
        EXPECT_NE(refused.err.find("lacks the right \"socket\""), std::string::npos) << refused.err;
    }
    destroy("web");
}

TEST_F(ForwardTest, SaysWhatIsWrong) {
    nsctl({"create", "web"});
    nsctl({"create", "box", "-t", "uts"});
    {
        Forwarding forwarding(daemon(), 0, {"web", toInside()});
        const auto taken = daemon().nsctl({"forward", "web", toInside("tcp:" + forwarding.at())});
        EXPECT_EQ(taken.status, 1);
        EXPECT_EQ(taken.err,
            "nsctl: forward web: cannot listen on " + forwarding.at() + ": another program does already\n");
        EXPECT_NE(get(forwarding.at()).status, 0) << "nobody listens inside";
        EXPECT_TRUE(eventually([&] {
            return forwarding.says().find(
                       "nothing to be reached at 127.0.0.1:8080 inside: Connection refused") !=
                   std::string::npos;
        })) << forwarding.says();
    }
    EXPECT_EQ(daemon().nsctl({"forward", "web", "tcp:192.0.2.1:1:80"}).status, 1);
    EXPECT_NE(daemon().nsctl({"forward", "box", toInside()}).err.find("has no type net"), std::string::npos);
    EXPECT_EQ(daemon().nsctl({"forward", "missing", toInside()}).status, 1);
    destroy("box");
    destroy("web");
}

TEST_F(ForwardTest, EndsWithTheNamespaceAndDoesNotKeepIt) {
    for (const auto uid : {uid_t{0}, user}) {
        nsctl({"create", "web", "--owner", std::to_string(user)});
        mustDie("web");
        Forwarding forwarding(daemon(), uid, {"web", toInside()});
        static_cast<void>(get(forwarding.at()));
        destroy("web", {"--force"}); // released, and nobody had to be killed
        EXPECT_EQ(forwarding.process().wait(std::chrono::seconds(10)), 1);
        EXPECT_NE(
            forwarding.says().find("nsctl: forward web: the namespace was destroyed"), std::string::npos)
            << forwarding.says();
    }
}

TEST_F(ForwardTest, OutlivesNsd) {
    nsctl({"create", "web", "--owner", std::to_string(user)});
    const auto server = serve();
    Forwarding ofRoot(daemon(), 0, {"web", toInside()});
    Forwarding ofUser(daemon(), user, {"web", toInside()});
    EXPECT_EQ(answerAt(ofRoot.at()), "served by uid 0\n");
    EXPECT_EQ(answerAt(ofUser.at()), "served by uid 0\n");
    daemon().kill9();
    EXPECT_EQ(get(ofRoot.at()).out, "served by uid 0\n");
    daemon().start();
    EXPECT_EQ(answerAt(ofUser.at()), "served by uid 0\n");
    nsctl({"destroy", "web", "--timeout", "0"});
    EXPECT_EQ(ofRoot.process().wait(std::chrono::seconds(10)), 1) << ofRoot.says();
    EXPECT_EQ(ofUser.process().wait(std::chrono::seconds(10)), 1) << ofUser.says();
}

TEST_F(ForwardTest, FollowsARename) {
    nsctl({"create", "web", "--owner", std::to_string(user)});
    {
        const auto server = serve();
        Forwarding forwarding(daemon(), user, {"web", toInside()});
        EXPECT_EQ(answerAt(forwarding.at()), "served by uid 0\n");
        nsctl({"rename", "web", "www"});
        for (int i = 0; i < 10; ++i)
            EXPECT_EQ(get(forwarding.at()).out, "served by uid 0\n");
    }
    destroy("www");
}

} // namespace
} // namespace nsd::test
