// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/arguments.hpp"
#include "client/socket/listen_fds.hpp"
#include "client/socket/socket_address.hpp"
#include "tests/unit/client_fixture.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using client::parseSocketAddress;
using client::UsageError;

std::string shown(const client::SocketAddress::Local& local) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (local.address.ss_family == AF_INET) {
        sockaddr_in address{};
        std::memcpy(&address, &local.address, sizeof address);
        ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
        return std::string(text.data()) + " " + std::to_string(ntohs(address.sin_port));
    }
    sockaddr_in6 address{};
    std::memcpy(&address, &local.address, sizeof address);
    ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    return std::string(text.data()) + " " + std::to_string(ntohs(address.sin6_port));
}

TEST(SocketAddress, WithoutAnAddressIsASocketThatIsNotBound) {
    for (const auto& [text, family, type] : {std::tuple{"tcp", AF_INET, SOCK_STREAM},
             {"udp", AF_INET, SOCK_DGRAM}, {"tcp6", AF_INET6, SOCK_STREAM}, {"udp6", AF_INET6, SOCK_DGRAM}}) {
        const auto parsed = parseSocketAddress(text);
        EXPECT_EQ(parsed.family, family) << text;
        EXPECT_EQ(parsed.type, type) << text;
        EXPECT_FALSE(parsed.local) << text;
    }
}

TEST(SocketAddress, IsReadAsItIsWritten) {
    EXPECT_EQ(shown(*parseSocketAddress("tcp:0.0.0.0:8080").local), "0.0.0.0 8080");
    EXPECT_EQ(shown(*parseSocketAddress("udp:127.0.0.1:0").local), "127.0.0.1 0");
    EXPECT_EQ(shown(*parseSocketAddress("tcp6:[::]:8080").local), ":: 8080");
    EXPECT_EQ(shown(*parseSocketAddress("udp6:[2001:db8::1]:65535").local), "2001:db8::1 65535");
    EXPECT_EQ(parseSocketAddress("tcp6:[fe80::1%eth0]:80").local->zone, "eth0");
}

TEST(SocketAddress, SaysWhatIsWrong) {
    for (const auto* text : {"", ":", "tcp:", "tcp:8080", "tcp::8080", "tcp:0.0.0.0", "tcp:0.0.0.0:",
             "tcp:0.0.0.0:65536", "tcp:0.0.0.0:-1", "tcp:0.0.0.0:http", "tcp:0.0.0.0: 80", "tcp:[::]:80",
             "tcp:localhost:80", "tcp:1.2.3:80", "tcp6:::80", "tcp6:[::]", "tcp6:[::]:", "tcp6:[0.0.0.0]:80",
             "tcp6:[fe80::1%]:80", "tcp6:[fe80::1%a-name-that-is-too-long]:80", "tcp4:0.0.0.0:80", "sctp",
             "TCP:0.0.0.0:80", "unix:/x"})
        EXPECT_THROW(static_cast<void>(parseSocketAddress(text)), UsageError) << text;
}

// Where the command cannot be executed, this process goes on; descriptor 3 may be anybody's.
class SocketVerb : public ClientTest {
  protected:
    void TearDown() override {
        if (kept_)
            ::dup2(kept_.get(), 3);
        else
            ::close(3);
        for (const auto* name : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"})
            ::unsetenv(name);
    }

  private:
    UniqueFd kept_{::fcntl(3, F_DUPFD_CLOEXEC, 10)};
};

TEST_F(SocketVerb, NeedsAllItsWords) {
    EXPECT_EQ(run({"socket"}), 2);
    EXPECT_EQ(run({"socket", "web"}), 2);
    EXPECT_EQ(run({"socket", "web", "tcp"}), 2);
    EXPECT_EQ(run({"socket", "web", "tcp:80", "true"}), 2);
    EXPECT_TRUE(daemon.calls.empty());
    EXPECT_NE(console.err.find("tcp:0.0.0.0:8080"), std::string::npos) << console.err;
}

TEST_F(SocketVerb, LeavesTheCommandsOptionsToTheCommand) {
    EXPECT_EQ(run({"socket", "-q", "web", "-q", "tcp:127.0.0.1:0", "-q", "/dev/null", "-x", "--bus=y"}), 126);
    EXPECT_EQ(run({"socket", "web", "udp", "--", "no-such-program-anywhere", "-q"}), 127);
    EXPECT_EQ(daemon.calls, (std::vector<std::string>{"socket web", "socket web"}));
}

TEST_F(SocketVerb, EndsTheConnectionBeforeDescriptorsAreMoved) {
    bool before = false;
    daemon.disconnected = [&] { before = ::getenv("LISTEN_FDS") == nullptr; };
    EXPECT_EQ(run({"socket", "web", "tcp", "/dev/null"}), 126);
    EXPECT_TRUE(before);
}

TEST_F(SocketVerb, WithoutADaemonIsNotRun) {
    daemon.running = false;
    EXPECT_EQ(run({"socket", "web", "tcp", "true"}), 125);
}

// In a child, which becomes a shell.
std::string shellSays(const client::SocketAddress& address, const std::string& script) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        UniqueFd socket(::socket(address.family, address.type | SOCK_CLOEXEC, 0));
        if (address.local)
            client::bindSocket(socket.get(), *address.local, address.type == SOCK_STREAM);
        ::_exit(client::runWithSocket("test", std::move(socket), "web", {"sh", "-c", script}));
    }
    ::close(ends[1]);
    std::string text;
    std::array<char, 256> buffer{};
    for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return text;
}

TEST(ListenFds, TheCommandIsToldAsServicesAre) {
    EXPECT_EQ(
        shellSays(parseSocketAddress("tcp:127.0.0.1:0"),
            "test $LISTEN_PID = $$ && echo $LISTEN_FDS $LISTEN_FDNAMES; readlink /proc/$$/fd/3 | cut -c1-6"),
        "1 web\nsocket\n");
}

TEST(ListenFds, ATcpSocketListensAndAUdpSocketIsBound) {
    // so_acceptcon, so_type and the rest are in /proc/net; the inode says which line is ours.
    const std::string line =
        "inode=$(readlink /proc/$$/fd/3 | tr -dc 0-9); awk -v i=$inode '$10 == i {print $4}' ";
    EXPECT_EQ(shellSays(parseSocketAddress("tcp:127.0.0.1:0"), line + "/proc/net/tcp"), "0A\n");
    EXPECT_EQ(shellSays(parseSocketAddress("udp:127.0.0.1:0"), line + "/proc/net/udp"), "07\n");
    EXPECT_EQ(shellSays(parseSocketAddress("tcp"), line + "/proc/net/tcp"), "");
}

TEST(ListenFds, AnAddressThatIsNotThereIsAnError) {
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_THROW(client::bindSocket(socket.get(), *parseSocketAddress("tcp:192.0.2.1:0").local, true), Error);
    const UniqueFd socket6(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_THROW(
        client::bindSocket(socket6.get(), *parseSocketAddress("tcp6:[fe80::1%nolink]:0").local, true), Error);
}

class AdoptVerb : public ClientTest {};

TEST_F(AdoptVerb, OpensWhatTheWordsName) {
    EXPECT_EQ(run({"adopt", "box", "net=/proc/self/ns/net", "uts=/proc/self/ns/uts", "--label", "k=v"}), 0)
        << console.err;
    EXPECT_EQ(daemon.calls, std::vector<std::string>{"adopt box"});
    EXPECT_EQ(daemon.adoptedTypes, (NamespaceTypes{NamespaceType::Net, NamespaceType::Uts}));
    EXPECT_EQ(daemon.created.labels.at("k"), "v");
}

TEST_F(AdoptVerb, OpensThoseOfAProcess) {
    EXPECT_EQ(run({"adopt", "box", "--pid", std::to_string(::getpid()), "-t", "net,pid"}), 0) << console.err;
    EXPECT_EQ(daemon.adoptedTypes, (NamespaceTypes{NamespaceType::Net, NamespaceType::Pid}));
}

TEST_F(AdoptVerb, OfAProcessInTheSameNamespacesFindsNothing) {
    EXPECT_EQ(run({"adopt", "box", "--pid", std::to_string(::getpid())}), 1);
    EXPECT_NE(console.err.find("no other namespaces"), std::string::npos) << console.err;
    EXPECT_TRUE(daemon.calls.empty());
}

TEST_F(AdoptVerb, RefusesWhatMakesNoSense) {
    const auto pid = std::to_string(::getpid());
    EXPECT_EQ(run({"adopt"}), 2);
    EXPECT_EQ(run({"adopt", "box"}), 2);
    EXPECT_EQ(run({"adopt", "box", "--pid", pid, "net=/proc/self/ns/net"}), 2);
    EXPECT_EQ(run({"adopt", "box", "-t", "net", "net=/proc/self/ns/net"}), 2);
    EXPECT_EQ(run({"adopt", "box", "/proc/self/ns/net"}), 2);
    EXPECT_EQ(run({"adopt", "box", "all=/proc/self/ns/net"}), 2);
    EXPECT_EQ(run({"adopt", "box", "net=/proc/self/ns/net", "net=/proc/self/ns/net"}), 2);
    EXPECT_EQ(run({"adopt", "box", "--pid", "x"}), 2);
    EXPECT_TRUE(daemon.calls.empty());
    EXPECT_EQ(run({"adopt", "box", "net=/no/such/file"}), 1);
    EXPECT_NE(console.err.find("/no/such/file"), std::string::npos) << console.err;
}

} // namespace
} // namespace nsd::test
