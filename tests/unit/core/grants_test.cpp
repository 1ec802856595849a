// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/grants.hpp"

#include "common/error.hpp"

#include <cstdint>
#include <gtest/gtest.h>

namespace nsd::test {
namespace {

using Words = std::vector<std::string>;

std::string refused(std::string_view kind, std::uint32_t id, Words rights) {
    try {
        static_cast<void>(makeGrant(kind, id, std::move(rights)));
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidArgument);
        return error.text();
    }
    return "";
}

TEST(Grants, AreForUsersAndGroups) {
    EXPECT_EQ(makeGrant("user", 1000, {"fds"}), (Grant{false, 1000, {"fds"}}));
    EXPECT_EQ(makeGrant("group", 4'000'000'000, {"fds"}), (Grant{true, 4'000'000'000, {"fds"}}));
    EXPECT_EQ(refused("role", 1000, {"fds"}), R"("role" is neither "user" nor "group")");
    EXPECT_NE(refused("", 1000, {"fds"}), "");
    EXPECT_NE(refused("User", 1000, {"fds"}), "");
}

TEST(Grants, AreNotForNobody) {
    for (const auto* kind : {"user", "group"})
        for (const std::uint32_t id : {65534U, 4294967295U})
            EXPECT_EQ(refused(kind, id, {"fds"}),
                std::string(kind) + " " + std::to_string(id) + " is nobody, and nobody is given a right");
}

TEST(Grants, GiveRightsThatCanBeGranted) {
    for (const auto* word : {"view", "hold", "socket", "enter", "fds", "manage", "link"})
        EXPECT_EQ(refused("user", 1, {word}), "") << word;
    EXPECT_EQ(refused("user", 1, {"fds", "grant"}),
        "the right \"grant\" cannot be granted; those that can be are view, hold, socket, enter, fds, "
        "manage, link");
    for (const auto* word : {"grant-link", "create", "create-rootless", "adopt", "process", "admin"})
        EXPECT_NE(refused("user", 1, {word}), "") << word;
    EXPECT_NE(refused("user", 1, {"Fds"}), "");
    EXPECT_NE(refused("user", 1, {""}), "");
    EXPECT_NE(refused("user", 1, {"fds hold"}), "");
    EXPECT_EQ(refused("user", 1, {}),
        "no right was named; those that can be granted are view, hold, socket, enter, fds, manage, link");
}

TEST(Grants, MergeAndAreInOrder) {
    std::vector<Grant> grants;
    grants = withGrant(grants, makeGrant("group", 5, {"manage"}));
    grants = withGrant(grants, makeGrant("user", 7, {"hold", "fds", "hold"}));
    grants = withGrant(grants, makeGrant("user", 5, {"enter"}));
    grants = withGrant(grants, makeGrant("user", 7, {"enter", "fds"}));
    const std::vector<Grant> expected{
        {false, 5, {"enter"}}, {false, 7, {"enter", "fds", "hold"}}, {true, 5, {"manage"}}};
    EXPECT_EQ(grants, expected);
    EXPECT_NO_THROW(validateGrants(grants));
}

TEST(Grants, GoRightByRight) {
    const std::vector<Grant> grants{{false, 5, {"fds", "hold"}}, {true, 5, {"fds"}}};
    EXPECT_EQ(withoutGrant(grants, makeGrant("user", 5, {"fds", "manage"})),
        (std::vector<Grant>{{false, 5, {"hold"}}, {true, 5, {"fds"}}}));
    EXPECT_EQ(withoutGrant(grants, makeGrant("user", 5, {"hold", "fds"})),
        (std::vector<Grant>{{true, 5, {"fds"}}}));
    EXPECT_EQ(withoutGrant(grants, makeGrant("user", 6, {"fds"})), grants);
    EXPECT_EQ(withoutGrant({}, makeGrant("user", 6, {"fds"})), std::vector<Grant>{});
}

TEST(Grants, AreNotWithoutEnd) {
    std::vector<Grant> grants;
    for (std::uint32_t id = 1; id <= maxGrants; ++id)
        grants = withGrant(grants, makeGrant("user", id, {"fds"}));
    EXPECT_NO_THROW(validateGrants(grants));
    EXPECT_EQ(withGrant(grants, makeGrant("user", 1, {"hold"})).size(), maxGrants) << "one that is there";
    try {
        static_cast<void>(withGrant(grants, makeGrant("user", maxGrants + 1, {"fds"})));
        ADD_FAILURE() << "one too many";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::LimitExceeded);
        EXPECT_NE(error.text().find("64"), std::string::npos) << error.text();
    }
}

TEST(Grants, OfARecordAreAsTheyAreMade) {
    const std::vector<std::vector<Grant>> bad{{{false, 65534, {"fds"}}}, {{false, 1, {}}},
        {{false, 1, {"hold", "fds"}}}, {{false, 1, {"fds", "fds"}}}, {{false, 1, {"grant"}}},
        {{true, 1, {"fds"}}, {false, 1, {"fds"}}}, {{false, 2, {"fds"}}, {false, 1, {"fds"}}},
        {{false, 1, {"fds"}}, {false, 1, {"hold"}}}};
    for (const auto& grants : bad)
        EXPECT_THROW(validateGrants(grants), Error) << grants.front().id << ' ' << &grants - bad.data();
    EXPECT_NO_THROW(validateGrants({}));
}

TEST(Grants, AreKnownByTheirGround) {
    const std::vector<Grant> grants{{false, 5, {"fds"}}, {true, 5, {"hold"}}};
    EXPECT_EQ(groundOf(grants[0]), "user:5");
    EXPECT_EQ(groundOf(grants[1]), "group:5");
    EXPECT_FALSE(isRevoked("group:5", grants, Right::Hold));
    EXPECT_TRUE(isRevoked("user:5", grants, Right::Hold)) << "it gives fds alone";
    EXPECT_TRUE(isRevoked("group:50", grants, Right::Hold));
    for (const auto* other : {"root", "owner", "polkit", "everybody"})
        EXPECT_FALSE(isRevoked(other, {}, Right::Hold)) << other;
}

} // namespace
} // namespace nsd::test
