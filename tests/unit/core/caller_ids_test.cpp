// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/caller_ids.hpp"

#include "common/error.hpp"

#include <gtest/gtest.h>

namespace nsd {
namespace {

Caller callerOf(uid_t uid, std::vector<gid_t> groups) {
    Caller caller;
    caller.uid = uid;
    caller.groups = std::move(groups);
    return caller;
}

UserEntry entryWithGroup(gid_t group) {
    return {.known = true, .name = "somebody", .gid = group};
}

Errc refusalOf(const Caller& caller, const UserEntry& entry) {
    try {
        static_cast<void>(idsOf(caller, entry));
    } catch (const Error& error) {
        return error.code();
    }
    return Errc::KernelError;
}

TEST(CallerIds, AreTheUidAndAllGroupsAsTheBusGaveThem) {
    const auto ids = idsOf(callerOf(1000, {27, 1000, 5}), entryWithGroup(1000));
    EXPECT_EQ(ids.uid, 1000U);
    EXPECT_EQ(ids.groups, (std::vector<gid_t>{27, 1000, 5}));
}

TEST(CallerIds, ThePrimaryGroupIsTheOneOfTheUserDatabase) {
    EXPECT_EQ(idsOf(callerOf(1000, {5, 1000, 100}), entryWithGroup(100)).gid, 100U);
}

TEST(CallerIds, AGroupThatTheCallerHasNotIsNeverGiven) {
    EXPECT_EQ(idsOf(callerOf(1000, {5, 1000}), entryWithGroup(0)).gid, 1000U);
    EXPECT_EQ(idsOf(callerOf(1000, {27, 5}), entryWithGroup(0)).gid, 5U);
}

TEST(CallerIds, WithoutAnEntryItIsTheGroupOfTheSameNumber) {
    EXPECT_EQ(idsOf(callerOf(1000, {5, 1000}), {}).gid, 1000U);
}

TEST(CallerIds, WithoutAnEntryAndThatGroupItIsTheLowest) {
    EXPECT_EQ(idsOf(callerOf(1000, {27, 5, 44}), {}).gid, 5U);
}

// The gid of an absent entry is 0, which must not be taken for an answer.
TEST(CallerIds, AnAbsentEntryDoesNotNameGroupZero) {
    EXPECT_EQ(idsOf(callerOf(1000, {0, 1000}), {}).gid, 1000U);
}

TEST(CallerIds, ACallerWithoutAGroupIsRefused) {
    EXPECT_EQ(refusalOf(callerOf(1000, {}), entryWithGroup(1000)), Errc::AccessDenied);
    EXPECT_EQ(refusalOf(callerOf(0, {}), entryWithGroup(0)), Errc::AccessDenied);
}

TEST(CallerIds, TheUidsThatAreNobodysAreRefused) {
    EXPECT_EQ(refusalOf(callerOf(65534, {65534}), entryWithGroup(65534)), Errc::AccessDenied);
    EXPECT_EQ(refusalOf(callerOf(4294967295U, {1}), {}), Errc::AccessDenied);
}

TEST(CallerIds, AUidAboveIntMaxIsAUidLikeAnyOther) {
    EXPECT_EQ(idsOf(callerOf(4'000'000'000U, {4'000'000'000U}), {}).gid, 4'000'000'000U);
}

} // namespace
} // namespace nsd
