// SPDX-License-Identifier: LGPL-2.1-or-later
// Links come home as they were, whatever was done to them and whenever somebody was killed.
#include "tests/kernel/worker_link_fixture.hpp"
#include "tests/support/require.hpp"
#include "tests/support/syscall_killer.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>

namespace nsd::test {
namespace {

using Names = std::vector<std::string>;
using protocol::BringLinkHomeRequest;
using protocol::MoveLinkRequest;

class LinkReturn : public LinkTest {
  protected:
    void SetUp() override {
        LinkTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        ip(home(), "link add br0 type bridge");
        ip(home(), "link set br0 up");
        makeWan();
    }
    void makeWan() {
        ip(home(), "link add wan mtu 1400 address 02:00:00:00:00:0a type veth peer name lan");
        ip(home(), "link property add dev wan altname uplink altname first");
        ip(home(), "link set wan master br0 up");
    }
    void expectAsItWas(const ReturnedLink& returned) {
        EXPECT_EQ(returned.end, ReturnedLink::End::Home);
        EXPECT_EQ(returned.name, "wan");
        EXPECT_EQ(returned.remarks, Names{});
        EXPECT_EQ(lookOf(linkOf(home(), "wan")), "wan (first uplink ) mtu 1400 02:00:00:00:00:0a up br0");
        EXPECT_EQ(namesOf(inside()), Names{"lo"});
    }
};

TEST_F(LinkReturn, GivesBackNameAndSettings) {
    const auto custody = lend("wan", "eth0", true);
    ip(inside(), "link set eth0 down");
    ip(inside(), "link set eth0 name mine address 02:00:00:00:00:ff mtu 900 up");
    ip(inside(), "link property del dev mine altname uplink");
    ip(inside(), "link property add dev mine altname theirs");
    expectAsItWas(bringHome(custody));
}

TEST_F(LinkReturn, CanBeRepeated) {
    const auto custody = lend("wan", "eth0");
    expectAsItWas(bringHome(custody));
    expectAsItWas(bringHome(custody));
    expectAsItWas(bringHomeWithoutInside(custody));
}

TEST_F(LinkReturn, BeforeAMoveIsNothing) {
    expectAsItWas(bringHome(inspect("wan")));
}

TEST_F(LinkReturn, FindsALinkWhoseMoveNobodyRecorded) {
    auto custody = lend("wan", "eth0");
    custody.insideIndex = 0;
    expectAsItWas(bringHome(custody));
}

TEST_F(LinkReturn, FindsALinkWithoutItsTag) {
    const auto custody = lend("wan", "eth0");
    ip(inside(), "link property del dev eth0 altname " + custody.tag);
    expectAsItWas(bringHome(custody));
}

TEST_F(LinkReturn, IsNotMisledByATagOnAnotherLink) {
    giveInsideTo(user);
    const auto custody = lend("wan", "eth0");
    ip(inside(), "link property del dev eth0 altname " + custody.tag);
    ip(inside(), "link add fake type veth peer name fake2");
    ip(inside(), "link property add dev fake altname " + custody.tag);
    const auto returned = bringHome(custody);
    EXPECT_EQ(returned.end, ReturnedLink::End::Home);
    EXPECT_EQ(lookOf(linkOf(home(), "wan")), "wan (first uplink ) mtu 1400 02:00:00:00:00:0a up br0");
    EXPECT_EQ(namesOf(inside()), (Names{"fake", "fake2", "lo"}));
}

// Who is root inside deletes the link and puts one of his own in its place, with its number, name, MAC
// address and tag: it must not come home, where it would be a member of br0.
TEST_F(LinkReturn, LeavesALinkThatAUserPutInItsPlace) {
    giveInsideTo(user);
    const auto custody = lend("wan", "eth0");
    ip(inside(), "link delete eth0");
    ip(inside(), "link add eth0 index " + std::to_string(custody.insideIndex) +
                     " address 02:00:00:00:00:0a type veth peer name other index " +
                     std::to_string(custody.identity.peerIndex));
    ip(inside(), "link property add dev eth0 altname " + custody.tag);
    const auto returned = bringHome(custody);
    EXPECT_EQ(returned.end, ReturnedLink::End::Gone);
    ASSERT_EQ(returned.remarks.size(), 1U);
    EXPECT_NE(returned.remarks[0].find("does not come home"), std::string::npos) << returned.remarks[0];
    EXPECT_EQ(namesOf(inside()), (Names{"eth0", "lo", "other"}));
    EXPECT_EQ(namesOf(home()), (Names{"br0", "lo"}));
}

TEST_F(LinkReturn, OfADeletedLinkSaysSo) {
    const auto custody = lend("wan", "eth0");
    ip(inside(), "link delete eth0");
    EXPECT_EQ(bringHome(custody).end, ReturnedLink::End::Gone);
    EXPECT_EQ(bringHomeWithoutInside(custody).end, ReturnedLink::End::Gone);
}

TEST_F(LinkReturn, TakesAFreeNameWhereItsOwnIsTaken) {
    ip(home(), "link set lan name wan-1");
    const auto custody = lend("wan", "eth0");
    ip(home(), "link add wan type bridge");
    const auto returned = bringHome(custody);
    EXPECT_EQ(returned.name, "wan-2");
    ASSERT_EQ(returned.remarks.size(), 1U);
    EXPECT_EQ(
        returned.remarks[0], R"(the link "wan" is at home as "wan-2": another link there has its name)");
    EXPECT_EQ(lookOf(linkOf(home(), "wan-2")), "wan-2 (first uplink ) mtu 1400 02:00:00:00:00:0a up br0");
    EXPECT_EQ(bringHome(custody).name, "wan-2") << "and so at each repetition";
}

TEST_F(LinkReturn, ShortensALongNameForANumber) {
    ip(home(), "link set wan down");
    ip(home(), "link set wan name abcdefghijklmno");
    const auto custody = lend("abcdefghijklmno", "eth0");
    ip(home(), "link add abcdefghijklmno type bridge");
    EXPECT_EQ(bringHome(custody).name, "abcdefghijklm-1");
}

TEST_F(LinkReturn, IsNotStoppedByNamesGivenInside) {
    const auto custody = lend("wan", "eth0", true);
    ip(inside(), "link property add dev eth0 altname br0"); // a name that is taken at home
    ip(inside(), "link set eth0 down");
    ip(inside(), "link set eth0 name lan"); // as this one
    expectAsItWas(bringHome(custody));
}

TEST_F(LinkReturn, SaysThatItsMasterHasGone) {
    const auto custody = lend("wan", "eth0");
    ip(home(), "link delete br0");
    const auto returned = bringHome(custody);
    EXPECT_EQ(returned.end, ReturnedLink::End::Home);
    ASSERT_EQ(returned.remarks.size(), 1U);
    EXPECT_EQ(returned.remarks[0], R"(the link "wan" is without its master: there is no "br0" any more)");
    EXPECT_EQ(lookOf(linkOf(home(), "wan")), "wan (first uplink ) mtu 1400 02:00:00:00:00:0a up ");
}

TEST_F(LinkReturn, SaysThatAnAlternativeNameIsTaken) {
    const auto custody = lend("wan", "eth0");
    ip(home(), "link property add dev br0 altname uplink");
    const auto returned = bringHome(custody);
    ASSERT_EQ(returned.remarks.size(), 1U);
    EXPECT_NE(returned.remarks[0].find("\"uplink\""), std::string::npos) << returned.remarks[0];
    EXPECT_EQ(lookOf(linkOf(home(), "wan")), "wan (first ) mtu 1400 02:00:00:00:00:0a up br0");
}

TEST_F(LinkReturn, LeavesItDownIfItWasDown) {
    ip(home(), "link set wan down");
    const auto custody = lend("wan", "eth0", true);
    static_cast<void>(bringHome(custody));
    EXPECT_FALSE(linkOf(home(), "wan").isUp);
}

// --- the worker is killed at each of its system calls -----------------------------------------------
class LinkKillPoints : public LinkReturn {
  protected:
    void SetUp() override {
        NSD_REQUIRE_PROGRAM("strace");
        LinkReturn::SetUp();
    }

    // The calls that one request makes; at `killAt`, the worker dies.
    std::set<KillPoint> callsDuring(
        const protocol::Request& request, const std::optional<KillPoint>& killAt) {
        SyscallKiller watcher(worker().process().pid(), killAt);
        try {
            worker().send(request, {home(), inside()});
        } catch (const Error& error) {
            EXPECT_EQ(error.errnoValue(), EPIPE) << error.text(); // killed as it was waiting for one
        }
        static_cast<void>(eventually([&] {
            return worker().hasAnswered(std::chrono::milliseconds(0)) ||
                   worker().process().wait(std::chrono::milliseconds(0)).has_value();
        }));
        std::set<KillPoint> calls;
        for (auto& call : watcher.finish())
            calls.insert(call);
        return calls;
    }

    // Has a worker die at each point of what `begin` asks for, and expects that another one, which knows no
    // more than what was recorded before, brings all home.
    template <class Begin>
    void expectHomeAfterEach(Begin begin) {
        auto request = begin();
        const auto points = callsDuring(request.second, {});
        restartWorker();
        expectAsItWas(bringHome(request.first));
        ASSERT_GE(points.size(), 10U);
        for (const auto& point : points) {
            SCOPED_TRACE(point.call + " number " + std::to_string(point.n));
            request = begin();
            static_cast<void>(callsDuring(request.second, point));
            restartWorker();
            expectAsItWas(bringHome(request.first));
            if (HasFailure())
                return;
        }
    }
};

TEST_F(LinkKillPoints, OfAMove) {
    expectHomeAfterEach([&] {
        const auto custody = inspect("wan");
        return std::pair{custody, protocol::Request(MoveLinkRequest{custody, "eth0", true})};
    });
}

TEST_F(LinkKillPoints, OfAReturn) {
    expectHomeAfterEach([&] {
        auto custody = lend("wan", "eth0", true);
        ip(inside(), "link set eth0 mtu 900");
        return std::pair{custody, protocol::Request(BringLinkHomeRequest{custody})};
    });
}

} // namespace
} // namespace nsd::test
