// SPDX-License-Identifier: LGPL-2.1-or-later
// OpenSocket in both forms: what reaches the kernel, and as whom.
#include "tests/bus/bus_fixture.hpp"
#include "tests/support/require.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace nsd::test {
namespace {

constexpr uid_t user = 1; // "daemon": every host has an entry for it

class OpenSocket : public BusTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        BusTest::SetUp();
        if (HasFatalFailure() || IsSkipped())
            return;
        web_ = create("web", {"net"});
    }
    static AnswerPtr open(BusClient& client, int family, int type, int protocol = 0) {
        return client.manager("OpenSocket", "siiia{sv}", "web", family, type, protocol, 0);
    }
    std::string web_;
};

TEST_F(OpenSocket, answersASocket) {
    const auto answer = open(*root_, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP);
    ASSERT_EQ(answer->error, "") << answer->text;
    int fd = -1;
    ASSERT_GE(sd_bus_message_rewind(answer->message.get(), 1), 0); // its text was read
    ASSERT_GT(sd_bus_message_read(answer->message.get(), "h", &fd), 0);
    struct stat status {};
    ASSERT_EQ(::fstat(fd, &status), 0);
    EXPECT_TRUE(S_ISSOCK(status.st_mode));
    ASSERT_EQ(kernel_->sockets().size(), 1U);
    const auto& made = kernel_->sockets().front();
    EXPECT_EQ(made.socket, (SocketSpec{AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP}));
    EXPECT_EQ(made.ids.uid, 0U);
}

TEST_F(OpenSocket, isAMethodOfTheObjectToo) {
    const auto answer = root_->object(web_, "OpenSocket", "iiia{sv}", AF_INET6, SOCK_DGRAM, 0, 0);
    EXPECT_EQ(answer->error, "") << answer->text;
    EXPECT_EQ(kernel_->sockets().size(), 1U);
}

TEST_F(OpenSocket, isMadeWithTheIdsOfTheCaller) {
    kernel_->answerUser(user, {.known = true, .name = "daemon", .gid = 0});
    const auto client = clientAs(user);
    authority_->instead = [](const Completion<Done>& done) { done(Done{}); };
    const auto answer = open(*client, AF_INET, SOCK_STREAM);
    ASSERT_EQ(answer->error, "") << answer->text;
    EXPECT_EQ(kernel_->sockets().front().ids.uid, user);
    EXPECT_EQ(authority_->questions.front().right, Right::Socket);
}

TEST_F(OpenSocket, isARightOfTheOwner) {
    const auto answer = root_->manager("Create", "sasa{sv}", "his", 1, "net", 1, "owner", "u", user);
    ASSERT_EQ(answer->error, "") << answer->text;
    const auto client = clientAs(user);
    EXPECT_EQ(client->manager("OpenSocket", "siiia{sv}", "his", AF_INET, SOCK_STREAM, 0, 0)->error, "");
    EXPECT_EQ(open(*client, AF_INET, SOCK_STREAM)->error, "org.freedesktop.DBus.Error.AccessDenied");
    EXPECT_EQ(kernel_->sockets().size(), 1U);
}

TEST_F(OpenSocket, refusesOtherFamiliesAndTypesAndMakesNothing) {
    for (const auto& [family, type, protocol] :
        {std::array{AF_NETLINK, int{SOCK_RAW}, 0}, {AF_PACKET, int{SOCK_RAW}, 0}, {AF_INET, int{SOCK_RAW}, 1},
            {AF_UNIX, int{SOCK_STREAM}, 0}, {AF_INET, int{SOCK_STREAM}, int{IPPROTO_UDP}}}) {
        const auto answer = open(*root_, family, type, protocol);
        EXPECT_EQ(answer->error, "org.nsd1.Error.InvalidArgument") << answer->text;
    }
    EXPECT_TRUE(kernel_->sockets().empty());
}

TEST_F(OpenSocket, needsTypeNet) {
    create("box", {"uts"});
    const auto answer = root_->manager("OpenSocket", "siiia{sv}", "box", AF_INET, SOCK_STREAM, 0, 0);
    EXPECT_EQ(answer->error, "org.nsd1.Error.TypeNotPresent");
}

TEST_F(OpenSocket, hasNoOptions) {
    const auto answer =
        root_->manager("OpenSocket", "siiia{sv}", "web", AF_INET, SOCK_STREAM, 0, 1, "bind", "s", "x");
    EXPECT_EQ(answer->error, "org.nsd1.Error.InvalidArgument");
}

TEST_F(OpenSocket, leavesNoDescriptorInTheDaemon) {
    open(*root_, AF_INET, SOCK_STREAM);
    settle();
    const auto before = countOpenFds();
    for (int i = 0; i < 10; ++i)
        open(*root_, AF_INET, SOCK_STREAM);
    kernel_->failAt(0);
    EXPECT_EQ(open(*root_, AF_INET, SOCK_STREAM)->error, "org.nsd1.Error.LimitExceeded");
    settle();
    EXPECT_EQ(countOpenFds(), before);
}

} // namespace
} // namespace nsd::test
