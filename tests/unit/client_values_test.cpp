// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Spans of time, buses, id maps and join orders: what nsctl works out without asking anybody.
#include "client/bus/bus_address.hpp"
#include "client/cli/arguments.hpp"
#include "client/cli/time_span.hpp"
#include "client/enter/supervise.hpp"
#include "client/join/id_map.hpp"
#include "client/join/join_plan.hpp"
#include "common/error.hpp"

#include <gtest/gtest.h>

namespace nsd::client {
namespace {

using namespace std::chrono_literals;

TEST(TimeSpan, ReadsWhatSystemdTimeDescribes) {
    EXPECT_EQ(parseTimeSpan("90"), 90s);
    EXPECT_EQ(parseTimeSpan("2 h"), 2h);
    EXPECT_EQ(parseTimeSpan("1h 30min"), 90min);
    EXPECT_EQ(parseTimeSpan("1h30min"), 90min);
    EXPECT_EQ(parseTimeSpan("48hr"), 48h);
    EXPECT_EQ(parseTimeSpan("55s500ms"), 55'500ms);
    EXPECT_EQ(parseTimeSpan("300ms20s 5day"), 120h + 20'300ms);
    EXPECT_EQ(parseTimeSpan("1.5s"), 1500ms);
    EXPECT_EQ(parseTimeSpan(".5min"), 30s);
    EXPECT_EQ(parseTimeSpan("1y 12month"), std::chrono::seconds(2 * 31'557'600));
    EXPECT_EQ(parseTimeSpan("2M"), std::chrono::seconds(2 * 31'557'600 / 12));
    EXPECT_EQ(parseTimeSpan("7µs 3ns"), 7003ns);
    EXPECT_EQ(parseTimeSpan("1 week 1 usec"), 168h + 1us);
}

TEST(TimeSpan, MayBeNegativeAsAWhole) {
    EXPECT_EQ(parseTimeSpan("-2d"), -48h);
    EXPECT_EQ(parseTimeSpan(" -1h 30min"), -90min);
    EXPECT_EQ(parseTimeSpan("+5s"), 5s);
    EXPECT_EQ(parseTimeSpan("-0"), 0s);
}

TEST(TimeSpan, RefusesWhatIsNone) {
    for (const auto* text : {"", " ", "-", "s", "5x", "5 5s x", "1e3", "infinity", "--5", "5s-", "0x10",
             "9223372037s", "292y 200y", "99999999999999999999", "."})
        EXPECT_THROW(static_cast<void>(parseTimeSpan(text)), UsageError) << text;
}

TEST(TimeSpan, ADurationIsNotNegativeAndNeverRoundedToNothing) {
    EXPECT_EQ(parseDuration("1ns"), 1us);
    EXPECT_EQ(parseDuration("0"), 0us);
    EXPECT_THROW(static_cast<void>(parseDuration("-1ns")), UsageError);
}

TEST(BusAddress, AskedForIsTheOnlyOne) {
    const auto buses = selectBuses({"unix:path=/a", "unix:path=/b", "unix:path=/c"});
    ASSERT_EQ(buses.size(), 1U);
    EXPECT_EQ(buses[0].address, "unix:path=/a");
}

TEST(BusAddress, TheVariableComesNext) {
    const auto buses = selectBuses({std::nullopt, "unix:path=/b", "unix:path=/c"});
    ASSERT_EQ(buses.size(), 1U);
    EXPECT_EQ(buses[0].address, "unix:path=/b");
}

TEST(BusAddress, ElseTheSystemBusAndThenThePrivateOne) {
    auto buses = selectBuses({});
    ASSERT_EQ(buses.size(), 2U);
    EXPECT_EQ(buses[0].address, "unix:path=/run/dbus/system_bus_socket");
    EXPECT_EQ(buses[1].address, "unix:path=/run/nsd/bus");
    buses = selectBuses({std::nullopt, std::nullopt, "unix:path=/c"});
    EXPECT_EQ(buses[0].address, "unix:path=/c");
}

TEST(IdMap, IsReadAsTheKernelWritesIt) {
    EXPECT_EQ(parseIdMap("         0          0 4294967295\n"), (std::vector<IdRange>{{0, 0, 4294967295U}}));
    EXPECT_EQ(parseIdMap("         0       1000          1\n      1000     100000      65536\n"),
        (std::vector<IdRange>{{0, 1000, 1}, {1000, 100000, 65536}}));
    EXPECT_TRUE(parseIdMap("").empty());
    EXPECT_THROW(static_cast<void>(parseIdMap("0 0\n")), Error);
    EXPECT_THROW(static_cast<void>(parseIdMap("0 0 1 1\n")), Error);
}

std::string refusal(const IdMaps& maps, const std::optional<User>& user) {
    try {
        static_cast<void>(planIds(maps, user));
    } catch (const Error& error) {
        return error.text();
    }
    return {};
}

TEST(IdPlan, RootBecomesRootInside) {
    const auto plan = planIds({{{0, 100000, 10}}, {{0, 100000, 10}}, true}, std::nullopt);
    EXPECT_EQ(plan.uid, 0U);
    EXPECT_EQ(plan.gid, 0U);
    EXPECT_EQ(plan.groups, std::vector<gid_t>{});
}

TEST(IdPlan, AnIdThatIsNotMappedIsRefusedAndTheMapShown) {
    EXPECT_EQ(refusal({{{1000, 1000, 1}}, {{1000, 1000, 1}}, true}, std::nullopt),
        "uid 0 does not exist in its user namespace, which maps 1000");
    EXPECT_EQ(refusal({{{0, 5, 10}, {20, 30, 1}}, {}, true}, User{10, 10, {}}),
        "uid 10 does not exist in its user namespace, which maps 0-9, 20");
    EXPECT_EQ(refusal({{{0, 0, 1}}, {}, true}, std::nullopt),
        "gid 0 does not exist in its user namespace, which maps nothing");
    EXPECT_EQ(refusal({{{0, 0, 4294967295U}}, {{0, 0, 1}}, true}, User{4294967295U, 0, {}})
                  .rfind("uid 4294967295", 0),
        0U);
}

TEST(IdPlan, GroupsAreSetOnlyWhereTheyMayBeAndAreMapped) {
    const User user{5, 5, {5, 7, 100}};
    EXPECT_EQ(planIds({{{0, 0, 10}}, {{0, 0, 10}}, true}, user).groups, (std::vector<gid_t>{5, 7}));
    EXPECT_FALSE(planIds({{{0, 0, 10}}, {{0, 0, 10}}, false}, user).groups.has_value());
}

TEST(IdPlan, AnOwnerKeepsHisOwnIdIfItIsMapped) {
    EXPECT_NO_THROW(checkOwnId({{{0, 1000, 1}}, {}, false}, 1000));
    EXPECT_THROW(checkOwnId({{{1000, 0, 1}}, {}, false}, 1000), Error);
    EXPECT_THROW(checkOwnId({{}, {}, false}, 65534), Error);
}

using Type = NamespaceType;

TEST(JoinPlan, RootJoinsUserLast) {
    const auto plan = planJoin({NamespaceTypes::all(), NamespaceTypes::all(), true});
    EXPECT_EQ(plan.order, (std::vector{Type::Net, Type::Ipc, Type::Uts, Type::Cgroup, Type::Time, Type::Pid,
                              Type::Mnt, Type::User}));
    EXPECT_TRUE(plan.mapsIds);
    EXPECT_TRUE(plan.forks);
    EXPECT_FALSE(plan.privateProc);
}

TEST(JoinPlan, AnUnprivilegedOwnerJoinsUserFirst) {
    const auto plan = planJoin({{Type::Net, Type::User, Type::Mnt}, NamespaceTypes::all(), false});
    EXPECT_EQ(plan.order, (std::vector{Type::User, Type::Net, Type::Mnt}));
}

TEST(JoinPlan, OnlyPidForksAndWithoutMntItNeedsAProcOfItsOwn) {
    EXPECT_FALSE(planJoin({{Type::Net, Type::Mnt, Type::Time}, {}, true}).forks);
    EXPECT_TRUE(planJoin({{Type::Pid}, {}, true}).privateProc);
    EXPECT_FALSE(planJoin({{Type::Pid, Type::Mnt}, {}, true}).privateProc);
}

TEST(JoinPlan, AForeignMntOrPidIsNotJoinedWithoutItsUser) {
    for (const auto type : {Type::Mnt, Type::Pid}) {
        try {
            static_cast<void>(planJoin({{type, Type::Net}, {type, Type::Net}, true}));
            FAIL() << toWord(type);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), Errc::InvalidArgument);
            EXPECT_NE(error.text().find(toWord(type)), std::string::npos);
        }
        EXPECT_NO_THROW(static_cast<void>(planJoin({{type, Type::User}, {type, Type::User}, true})));
        EXPECT_NO_THROW(static_cast<void>(planJoin({{type}, {}, true})));
    }
    EXPECT_NO_THROW(static_cast<void>(planJoin({{Type::Net}, {Type::Net}, true})));
}

TEST(Signals, ThoseOfTheTerminalAreNotSentTwice) {
    EXPECT_FALSE(isForwarded(SIGINT, SI_KERNEL));
    EXPECT_FALSE(isForwarded(SIGWINCH, SI_KERNEL));
    EXPECT_TRUE(isForwarded(SIGINT, SI_USER));
    EXPECT_TRUE(isForwarded(SIGTERM, SI_USER));
    EXPECT_TRUE(isForwarded(SIGRTMIN + 1, SI_QUEUE));
    EXPECT_TRUE(isForwarded(SIGALRM, SI_KERNEL)) << "a timer of nsctl's caller is meant for the command";
}

} // namespace
} // namespace nsd::client
