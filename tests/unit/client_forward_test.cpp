// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl forward and import, as they read their command lines.
#include "common/forward_spec.hpp"
#include "tests/unit/client_fixture.hpp"

namespace nsd::test {
namespace {

std::string pairOf(const std::string& text) {
    const auto forward = parseForward(text);
    return textOf(forward.outside) + " > " + textOf(forward.inside);
}

std::string refusalOf(const std::string& text) {
    try {
        static_cast<void>(parseForward(text));
    } catch (const Error& error) {
        return error.text();
    }
    return {};
}

TEST(ForwardSpec, LeadsToTheLoopbackInside) {
    EXPECT_EQ(pairOf("tcp:127.0.0.1:8080:80"), "127.0.0.1:8080 > 127.0.0.1:80");
    EXPECT_EQ(pairOf("tcp:0.0.0.0:0:65535"), "0.0.0.0:0 > 127.0.0.1:65535");
    EXPECT_EQ(pairOf("tcp:[::1]:8080:80"), "[::1]:8080 > [::1]:80");
}

TEST(ForwardSpec, OrToAnAddress) {
    EXPECT_EQ(pairOf("tcp:127.0.0.1:8080:192.0.2.1:80"), "127.0.0.1:8080 > 192.0.2.1:80");
    EXPECT_EQ(pairOf("tcp:127.0.0.1:8080:[2001:db8::1]:80"), "127.0.0.1:8080 > [2001:db8::1]:80");
}

TEST(ForwardSpec, SaysWhatIsWrong) {
    EXPECT_EQ(refusalOf("tcp:8080:80"),
        "\"tcp:8080:80\" is not tcp:ADDRESS:PORT:[ADDRESS:]PORT, such as tcp:127.0.0.1:8080:80");
    EXPECT_EQ(refusalOf("udp:127.0.0.1:53:53"),
        "\"udp:127.0.0.1:53:53\" is for UDP, which is not forwarded: only tcp is");
    EXPECT_EQ(refusalOf("tcp:127.0.0.1:http:80"),
        "\"tcp:127.0.0.1:http:80\" has \"http\" where a port from 0 to 65535 should be");
    EXPECT_EQ(refusalOf("tcp:localhost:1:80"),
        "\"tcp:localhost:1:80\" has \"localhost\" where an address should be, such as 127.0.0.1 or [::1]");
    EXPECT_EQ(refusalOf("tcp:127.0.0.1:1:0"), "\"tcp:127.0.0.1:1:0\" leads to port 0");
    for (const auto* text : {"", "tcp", "tcp:::", "tcp:127.0.0.1:1:2:3:4", "tcp:127.0.0.1:65536:1",
             "tcp:[]:1:1", "tcp:::1:1:1", "tcp:127.0.0.1:1:-1", "sctp:127.0.0.1:1:1", "tcp:[::1:1:1"})
        EXPECT_NE(refusalOf(text), "") << text;
}

class ForwardVerb : public ClientTest {
  protected:
    ForwardVerb() {
        client::NamespaceDetails web;
        web.name = "web";
        web.path = "/org/nsd1/namespace/0123";
        web.types = {"net"};
        daemon.namespaces["web"] = web;
    }
};

TEST_F(ForwardVerb, OfRootEnters) {
    EXPECT_EQ(run({"forward", "web", "tcp:127.0.0.1:8080:80"}), 0) << console.err;
    EXPECT_EQ(daemon.enteredTypes, NamespaceTypes{NamespaceType::Net});
    EXPECT_EQ(forwarded.path, "/org/nsd1/namespace/0123");
    EXPECT_EQ(forwarded.bus, "unix:path=/bus");
    EXPECT_EQ(forwarded.forwards.size(), 1U);
    EXPECT_TRUE(forwarded.sockets.empty());
}

TEST_F(ForwardVerb, OfOthersAsksForASocketOfEachFamily) {
    joiner.uid = 1000;
    EXPECT_EQ(
        run({"forward", "web", "tcp:127.0.0.1:1:80", "tcp:127.0.0.1:2:81", "tcp:127.0.0.1:3:[::1]:82"}), 0);
    ASSERT_EQ(forwarded.sockets.size(), 2U);
    EXPECT_EQ(forwarded.sockets[0].first, AF_INET);
    EXPECT_EQ(forwarded.sockets[1].first, AF_INET6);
    EXPECT_TRUE(daemon.enteredTypes.empty());
}

TEST_F(ForwardVerb, TellsWhereItListens) {
    EXPECT_EQ(run({"forward", "web", "tcp:127.0.0.1:8080:80"}), 0);
    EXPECT_EQ(console.out, "127.0.0.1:8080 leads to 127.0.0.1:80 in web\n");
    EXPECT_EQ(run({"forward", "web", "--json=short", "tcp:[::1]:8080:80"}), 0);
    EXPECT_EQ(console.out,
        R"([{"namespace":"web","protocol":"tcp","outside":"[::1]:8080","inside":"[::1]:80"}])"
        "\n");
}

TEST_F(ForwardVerb, OfNothingIsAnError) {
    EXPECT_EQ(run({"forward", "missing", "tcp:127.0.0.1:8080:80"}), 1);
    EXPECT_EQ(run({"forward", "web"}), 2);
    EXPECT_EQ(run({"forward", "web", "nonsense"}), 2);
}

TEST_F(ForwardVerb, ImportSaysWhatDoesNotGoTogether) {
    EXPECT_EQ(run({"import", "--all", "web"}), 2);
    EXPECT_EQ(run({"import", "a", "b", "--as", "c"}), 2);
    EXPECT_EQ(run({"import", "--as", "c"}), 2);
    EXPECT_EQ(run({"import", "--from", "/nowhere", "web"}), 1);
}

} // namespace
} // namespace nsd::test
