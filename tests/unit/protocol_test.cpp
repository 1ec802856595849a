// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/messages.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace nsd::protocol {
namespace {

ino_t inodeOf(int fd) {
    struct stat status {};
    EXPECT_EQ(::fstat(fd, &status), 0);
    return status.st_ino;
}

Holder someHolder() {
    return {"fd", 4321, "cat", "net", "fd 7", 1000};
}
NamespaceIdentity someIdentity() {
    return {NamespaceType::Net, 4, 4026532000, 18446744073709551615U};
}

template <class T>
T throughReply(const T& reply) {
    return std::get<T>(decodeReply(encode(Reply(reply))));
}

template <class T>
T throughRequest(const T& request) {
    return std::get<T>(decodeRequest(encode(Request(request))));
}

TEST(Messages, MakeRequestKeepsTheWholeSpec) {
    MakeRequest request;
    request.spec = {NamespaceTypes::all(), 1000, {{0, 100000, 65536}}, {{0, 4294967294U, 1}}, true, "höst",
        "example", {{"net.ipv4.ip_forward", "1"}}, -5, 9'000'000'000};
    request.spec.ownerGroup = 4'000'000'000U;
    request.spec.ownerMaySetGroups = true;
    request.attempt = 3;
    request.withControlGroup = true;
    const auto decoded = throughRequest(request);
    EXPECT_EQ(decoded.spec, request.spec);
    EXPECT_EQ(decoded.attempt, 3U);
    EXPECT_TRUE(decoded.withControlGroup);
}

TEST(Messages, AbsentOptionsStayAbsent) {
    const auto decoded = throughRequest(MakeRequest{});
    EXPECT_EQ(decoded.spec, NamespaceSpec{});
    EXPECT_FALSE(decoded.spec.owner.has_value());
}

TEST(Messages, AccountsRequestAndItsReplyKeepWhatTheyCarry) {
    const AccountNames names{{"alice", "bob"}, {"adm"}};
    const auto request = throughRequest(AccountsRequest{names}).names;
    EXPECT_EQ(request.users, names.users);
    EXPECT_EQ(request.groups, names.groups);
    const AccountIds ids{{{"alice", 4'000'000'000U}}, {{"adm", 4}}};
    EXPECT_EQ(throughReply(AccountsReply{ids}).ids, ids);
    EXPECT_EQ(throughReply(AccountsReply{}).ids, AccountIds{});
}

TEST(Messages, UserRequestAndItsReplyKeepWhatTheyCarry) {
    EXPECT_EQ(throughRequest(UserRequest{4'000'000'000U}).uid, 4'000'000'000U);
    const UserEntry entry{
        true, "ålice", 100, "/home/ålice", "/bin/sh", {{100000, 65536}, {5, 1}}, {{4294967294U, 1}}};
    EXPECT_EQ(throughReply(UserReply{entry}).entry, entry);
    EXPECT_EQ(throughReply(UserReply{}).entry, UserEntry{});
}

TEST(Messages, SocketRequestAndItsReplyKeepWhatTheyCarry) {
    const auto decoded = throughRequest(SocketRequest{{10, 1 | 2048, 6}, {4'000'000'000U, 5, {5, 27}}});
    EXPECT_EQ(decoded.socket, (SocketSpec{10, 1 | 2048, 6}));
    EXPECT_EQ(decoded.ids.uid, 4'000'000'000U);
    EXPECT_EQ(decoded.ids.gid, 5U);
    EXPECT_EQ(decoded.ids.groups, (std::vector<gid_t>{5, 27}));
    static_cast<void>(throughReply(SocketReply{}));
}

TEST(Messages, InitRequestAndItsReplyKeepWhatTheyCarry) {
    EXPECT_TRUE(throughRequest(InitRequest{someIdentity()}).pidNamespace.sameAs(someIdentity()));
    EXPECT_EQ(throughReply(InitReply{4711}).pid, 4711);
}

TEST(Messages, HoldersRequestKeepsWhatItAsksAfter) {
    const auto decoded = throughRequest(
        HoldersRequest{{{someIdentity()}, {{1, 2, 3, "lease 4"}}, {"/run/netns/web"}}, {1, 2}});
    const auto& [namespaces, leases, ownMounts] = decoded.query;
    ASSERT_EQ(namespaces.size(), 1U);
    EXPECT_TRUE(namespaces[0].sameAs(someIdentity()));
    EXPECT_EQ(namespaces[0].id, someIdentity().id);
    ASSERT_EQ(leases.size(), 1U);
    EXPECT_EQ(leases[0].device, 1U);
    EXPECT_EQ(leases[0].inode, 2U);
    EXPECT_EQ(leases[0].uid, 3U);
    EXPECT_EQ(leases[0].text, "lease 4");
    EXPECT_EQ(ownMounts, (std::vector<std::string>{"/run/netns/web"}));
    EXPECT_EQ(decoded.ignored, (std::vector<pid_t>{1, 2}));
}

TEST(Messages, CountRequestKeepsItsGroups) {
    const auto decoded = throughRequest(CountRequest{{{someIdentity()}, {}}, {7}});
    ASSERT_EQ(decoded.groups.size(), 2U);
    EXPECT_EQ(decoded.groups[0].size(), 1U);
    EXPECT_TRUE(decoded.groups[1].empty());
}

TEST(Messages, KillRequestKeepsItsPatience) {
    const auto decoded =
        throughRequest(KillRequest{{someIdentity()}, {9}, std::chrono::microseconds(1'500'000)});
    EXPECT_EQ(decoded.patience, std::chrono::milliseconds(1500));
    EXPECT_EQ(decoded.spared, std::vector<pid_t>{9});
}

TEST(Messages, RequestsWithoutContentKeepTheirKind) {
    EXPECT_TRUE(std::holds_alternative<DropRequest>(decodeRequest(encode(Request(DropRequest{})))));
    EXPECT_TRUE(std::holds_alternative<LinksRequest>(decodeRequest(encode(Request(LinksRequest{})))));
}

TEST(Messages, RepliesComeBackAsTheyWere) {
    EXPECT_EQ(throughReply(MakeReply{NamespaceTypes::all(), 42}).initPid, 42);
    EXPECT_EQ(throughReply(MakeReply{{NamespaceType::Net}, 0}).types, NamespaceTypes{NamespaceType::Net});
    EXPECT_EQ(throughReply(CountReply{{1, 0, 4294967295U}}).counts.back(), 4294967295U);
    EXPECT_EQ(throughReply(HoldersReply{{someHolder()}}).holders[0].detail, "fd 7");
    EXPECT_EQ(throughReply(HoldersReply{{someHolder()}}).holders[0].uid, 1000U);
    EXPECT_EQ(throughReply(KillReply{{someHolder()}}).left[0].pid, 4321U);
    EXPECT_TRUE(std::holds_alternative<ReadyReply>(decodeReply(encode(Reply(ReadyReply{})))));
    EXPECT_TRUE(std::holds_alternative<DropReply>(decodeReply(encode(Reply(DropReply{})))));
}

LinkCustody someCustody() {
    return {"nsd-1", "eth0", 2, 4'000'000'000U, {"veth", "pci/0000:00:03.0", "02:00:00:00:00:01", 7},
        {"wan", "höst"}, "02:00:00:00:00:02", 1400, true, "br0"};
}

TEST(Messages, OfLinksComeBackAsTheyWere) {
    LinkState link{2, "eth0", {"wan"}, {"veth", "pci/1", "02:00", 7}, -1, true, true, "02:01", 1500, true,
        "up", "br0", {"10.0.0.1/24"}};
    EXPECT_EQ(throughReply(LinksReply{{{LinkState{}, link}, {}}}).links,
        (std::vector<std::vector<LinkState>>{{LinkState{}, link}, {}}));
    EXPECT_EQ(throughRequest(InspectLinkRequest{"eth0"}).name, "eth0");
    EXPECT_EQ(throughReply(InspectLinkReply{someCustody()}).custody, someCustody());
    const auto move = throughRequest(MoveLinkRequest{someCustody(), "wan", true});
    EXPECT_EQ(move.custody, someCustody());
    EXPECT_EQ(move.name, "wan");
    EXPECT_TRUE(move.up);
    EXPECT_EQ(throughReply(MoveLinkReply{{5, "wan"}}).moved, (MovedLink{5, "wan"}));
    EXPECT_EQ(throughRequest(BringLinkHomeRequest{someCustody()}).custody, someCustody());
    const ReturnedLink gone{ReturnedLink::End::Gone, "", {"it was deleted"}};
    EXPECT_EQ(throughReply(BringLinkHomeReply{gone}).returned, gone);
}

TEST(Messages, OfVethPairsComeBackAsTheyWere) {
    const VethSpec veth{{LinkName("eth0"), "02:03", {IpPrefix::parseOfLink("10.0.0.2/24")},
                            {RouteSpec::parse("default via 10.0.0.1")}},
        {LinkName("ve0"), "02:04"}, 1400};
    EXPECT_EQ(throughRequest(MakeVethRequest{veth}).veth, veth);
    EXPECT_EQ(throughReply(MakeVethReply{{{1, "a"}, {2, "b"}}}).ends,
        (std::pair<MovedLink, MovedLink>{{1, "a"}, {2, "b"}}));
    const auto remove = throughRequest(RemoveVethRequest{"eth0", "02:03"});
    EXPECT_EQ(remove.name, "eth0");
    EXPECT_EQ(remove.mac, "02:03");
    EXPECT_TRUE(throughReply(RemoveVethReply{true}).removed);
}

TEST(Messages, EveryErrorCodeComesBack) {
    for (const auto code : allErrcs()) {
        const auto error = throughReply(Error(code, "unshare net: no", ENOSPC));
        EXPECT_EQ(error.code(), code);
        EXPECT_EQ(error.text(), "unshare net: no");
        EXPECT_EQ(error.errnoValue(), ENOSPC);
    }
}

TEST(Messages, BytesThatAreNoUtf8AreReplaced) {
    auto holder = someHolder();
    holder.comm = "a\xff";
    EXPECT_EQ(throughReply(HoldersReply{{holder}}).holders[0].comm, "a\xef\xbf\xbd");
}

class BadText : public testing::TestWithParam<const char*> {};

TEST_P(BadText, IsAnErrorNotACrash) {
    const auto expectKernelError = [](const auto& decode) {
        try {
            static_cast<void>(decode());
            ADD_FAILURE() << "it decoded";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), Errc::KernelError);
            EXPECT_NE(error.text().find("does not decode"), std::string::npos) << error.text();
        }
    };
    expectKernelError([] { return decodeRequest(GetParam()); });
    expectKernelError([] { return decodeReply(GetParam()); });
}

INSTANTIATE_TEST_SUITE_P(Messages, BadText,
    testing::Values("", "{", "[]", "null", "{}", R"({"drop":{},"links":{}})", R"({"steal":{}})",
        R"({"make":7})", R"({"make":{"types":["nett"],"initPid":0}})",
        R"({"make":{"types":[],"initPid":99999999999}})",
        R"({"holders":{"namespaces":3,"leases":[],"ownMounts":[],"ignored":[]}})", R"({"count":[-1]})",
        R"({"kill":{"namespaces":[],"spared":["x"],"patience":1}})",
        R"({"error":{"code":"Nothing","text":"","errno":0}})"));

TEST(Channel, CarriesTextAndDescriptors) {
    const auto [ours, theirs] = socketPair();
    UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    sendPacket(ours.get(), "hello", {file.get(), theirs.get()});
    const auto packet = receivePacket(theirs.get());
    ASSERT_TRUE(packet.has_value());
    EXPECT_EQ(packet->text, "hello");
    ASSERT_EQ(packet->fds.size(), 2U);
    EXPECT_EQ(inodeOf(packet->fds[0].get()), inodeOf(file.get()));
    EXPECT_EQ(inodeOf(packet->fds[1].get()), inodeOf(theirs.get()));
    EXPECT_NE(::fcntl(packet->fds[0].get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Channel, CarriesAnEmptyText) {
    const auto [ours, theirs] = socketPair();
    sendPacket(ours.get(), "", {});
    const auto packet = receivePacket(theirs.get());
    ASSERT_TRUE(packet.has_value());
    EXPECT_EQ(packet->text, "");
}

TEST(Channel, CarriesATextLargerThanASocketBuffer) {
    const auto [ours, theirs] = socketPair();
    UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    std::string text(3'000'000, 'x');
    text.back() = 'y';
    const std::vector<int> fds(maxFds, file.get());
    sendPacket(ours.get(), text, fds);
    const auto packet = receivePacket(theirs.get());
    ASSERT_TRUE(packet.has_value());
    EXPECT_EQ(packet->text, text);
    EXPECT_EQ(packet->fds.size(), maxFds);
}

TEST(Channel, RefusesMoreDescriptorsThanOneMessageHolds) {
    const auto [ours, theirs] = socketPair();
    try {
        sendPacket(ours.get(), "", std::vector<int>(maxFds + 1, ours.get()));
        FAIL() << "it was sent";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::LimitExceeded);
    }
}

TEST(Channel, TheOtherSidesEndIsNoPacket) {
    auto [ours, theirs] = socketPair();
    sendPacket(theirs.get(), "never read", {});
    sendPacket(ours.get(), "lost", {});
    theirs.reset();
    EXPECT_EQ(receivePacket(ours.get())->text, "never read");
    EXPECT_FALSE(receivePacket(ours.get()).has_value());
}

TEST(Channel, SendingToNobodyIsAnErrorNotASignal) {
    auto [ours, theirs] = socketPair();
    theirs.reset();
    EXPECT_THROW(sendPacket(ours.get(), "x", {}), Error);
}

TEST(Channel, NothingThereYetIsEagain) {
    const auto [ours, theirs] = socketPair();
    ASSERT_EQ(::fcntl(ours.get(), F_SETFL, O_NONBLOCK), 0);
    try {
        static_cast<void>(receivePacket(ours.get()));
        FAIL() << "there was a packet";
    } catch (const Error& error) {
        EXPECT_EQ(error.errnoValue(), EAGAIN);
    }
}

TEST(Channel, LostDescriptorsAreAnErrorAndNoneLeaks) {
    const auto [ours, theirs] = socketPair();
    sendPacket(ours.get(), "x", {0, 0, 0, 0});
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    UniqueFd next(::fcntl(0, F_DUPFD_CLOEXEC, 3));
    const int lowest = next.get();
    next.reset();
    rlimit narrow = before;
    narrow.rlim_cur = static_cast<rlim_t>(std::max({lowest, ours.get(), theirs.get()})) + 2;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &narrow), 0);
    EXPECT_THROW(static_cast<void>(receivePacket(theirs.get())), Error);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    next.reset(::fcntl(0, F_DUPFD_CLOEXEC, 3));
    EXPECT_EQ(next.get(), lowest);
}

TEST(Channel, ForeignMessagesAreErrors) {
    const auto [ours, theirs] = socketPair();
    const std::string wrongTag = "?x";
    const std::string noMemfd = "M";
    const std::string tooLong(100'000, 'I');
    for (const auto& bytes : {wrongTag, noMemfd, tooLong}) {
        ASSERT_EQ(::write(ours.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
        EXPECT_THROW(static_cast<void>(receivePacket(theirs.get())), Error);
    }
}

} // namespace
} // namespace nsd::protocol
