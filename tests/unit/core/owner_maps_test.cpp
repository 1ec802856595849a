// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/owner_maps.hpp"

#include "tests/unit/core/core_fixture.hpp"

namespace nsd::test {
namespace {

constexpr uid_t alice = 1000;
constexpr gid_t users = 100;

class OwnerMaps : public CoreTest {
  protected:
    // alice may use 100000–165535 and 165536–165545, which touch, and the group of the same numbers.
    OwnerMaps() {
        entry_ = {.known = true,
            .name = "alice",
            .gid = users,
            .subUids = {{165536, 10}, {100000, 65536}},
            .subGids = {{100000, 65536}}};
        kernel_.answerUser(alice, entry_);
    }

    static CreateRequest asked(uid_t caller, NamespaceTypes types = {NamespaceType::User}) {
        auto request = CoreTest::request("box", types);
        request.caller = caller;
        request.callerGroups = {27, users};
        request.owner = alice;
        request.spec.owner = alice;
        return request;
    }
    CreateRequest completed(CreateRequest request) const {
        completeForOwner(request, entry_);
        return request;
    }
    // "" where the map is allowed.
    std::string refusal(std::vector<IdRange> uids, std::vector<IdRange> gids = {}) const {
        auto request = asked(alice);
        request.spec.uidMap = std::move(uids);
        request.spec.gidMap = std::move(gids);
        try {
            completeForOwner(request, entry_);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), Errc::AccessDenied);
            return error.text();
        }
        return {};
    }

    UserEntry entry_;
};

TEST_F(OwnerMaps, TheGroupIsThePrimaryOneThatTheCallerHas) {
    EXPECT_EQ(completed(asked(alice)).spec.ownerGroup, users);
    entry_.gid = 0;
    EXPECT_EQ(completed(asked(alice)).spec.ownerGroup, 27U);
}

TEST_F(OwnerMaps, ForRootItIsThatOfTheUserDatabase) {
    EXPECT_EQ(completed(asked(0)).spec.ownerGroup, users);
    entry_ = {};
    EXPECT_EQ(completed(asked(0)).spec.ownerGroup, alice);
}

TEST_F(OwnerMaps, TheCallersOwnIdsMayBeMapped) {
    EXPECT_EQ(refusal({{0, alice, 1}}, {{0, users, 1}}), "");
    EXPECT_EQ(refusal({{alice, alice, 1}}), "");
}

TEST_F(OwnerMaps, TheRangesOfTheCallerMayBeMapped) {
    EXPECT_EQ(refusal({{0, alice, 1}, {1, 100000, 65536}}, {{0, 100000, 65536}}), "");
    EXPECT_EQ(refusal({{5, 165535, 1}}), "");
}

TEST_F(OwnerMaps, ALineMayLieInSeveralRangesThatTouch) {
    EXPECT_EQ(refusal({{0, 100000, 65546}}), "");
}

TEST_F(OwnerMaps, AnythingElseIsRefused) {
    for (const auto& line : std::vector<IdRange>{{0, 0, 1}, {0, 999, 2}, {0, alice, 2}, {0, 99999, 1},
             {0, 99999, 2}, {0, 165545, 2}, {0, 165546, 1}, {0, 0, 4294967295U}, {0, 4294967294U, 1}})
        EXPECT_NE(refusal({line}), "") << line.outside << ' ' << line.count;
    EXPECT_NE(refusal({{0, alice, 1}, {1, 0, 1}}), "") << "only the first line was looked at";
}

TEST_F(OwnerMaps, AGroupIsNotAUserAndTheOtherWayRound) {
    EXPECT_NE(refusal({{0, users, 1}}), "");
    EXPECT_NE(refusal({}, {{0, alice, 1}}), "");
    EXPECT_NE(refusal({}, {{0, 165536, 1}}), "") << "a range of /etc/subuid is none of groups";
}

// It may be one that denies him something.
TEST_F(OwnerMaps, AGroupOfTheCallerThatIsNotThePrimaryOneIsRefused) {
    EXPECT_NE(refusal({}, {{0, 27, 1}}), "");
}

TEST_F(OwnerMaps, ARefusalShowsTheLineTheFileAndWhatItGives) {
    EXPECT_EQ(refusal({{0, 0, 10}}), "uid-map: the line \"0 0 10\" maps ids that the caller (\"alice\", uid "
                                     "1000) does not have: they are the "
                                     "uid 1000 and what /etc/subuid gives, which is 165536:10, 100000:65536");
    entry_ = {};
    EXPECT_EQ(refusal({}, {{0, 0, 10}}),
        "gid-map: the line \"0 0 10\" maps ids that the caller (uid 1000) does not have: they are the "
        "gid 27 and what /etc/subgid gives, which is none");
}

TEST_F(OwnerMaps, RootMapsWhatItLikes) {
    auto request = asked(0);
    request.spec.uidMap = request.spec.gidMap = {{0, 0, 65536}};
    EXPECT_NO_THROW(completeForOwner(request, entry_));
}

TEST_F(OwnerMaps, SetgroupsIsDeniedWithoutGroupsOfSubgid) {
    EXPECT_FALSE(completed(asked(alice)).spec.ownerMaySetGroups);
    for (const uid_t caller : {alice, uid_t{0}}) {
        auto request = asked(caller);
        request.spec.gidMap = {{0, users, 1}};
        EXPECT_FALSE(completed(request).spec.ownerMaySetGroups);
        request.spec.gidMap.push_back({1, 100000, 10});
        EXPECT_TRUE(completed(request).spec.ownerMaySetGroups);
    }
}

TEST_F(OwnerMaps, ACreationAsksForTheOwnerFirst) {
    create(asked(alice, {NamespaceType::User, NamespaceType::Net}));
    EXPECT_EQ(kernel_.calls().front(), "lookUpUser 1000");
    EXPECT_EQ(namespaces_->find(Name("box")).spec.ownerGroup, std::nullopt) << "it was kept";
}

TEST_F(OwnerMaps, ACreationWithoutAUserNamespaceAsksNobody) {
    create(asked(alice, {NamespaceType::Net}));
    EXPECT_EQ(kernel_.calls().front(), "make");
}

TEST_F(OwnerMaps, AMapThatIsRefusedMakesNothing) {
    auto request = asked(alice);
    request.spec.uidMap = {{0, 0, 1}};
    EXPECT_EQ(codeOf([&] { create(request); }), "AccessDenied");
    EXPECT_EQ(kernel_.calls(), std::vector<std::string>{"lookUpUser 1000"});
    EXPECT_EQ(namespaces_->count(), 0U);
    create(asked(alice)); // the name is free
}

TEST_F(OwnerMaps, AUserDatabaseThatFailsMakesNothing) {
    kernel_.failAt(0, EIO);
    EXPECT_EQ(codeOf([&] { create(asked(alice)); }), "KernelError");
    EXPECT_EQ(namespaces_->count(), 0U);
    create(asked(alice));
}

} // namespace
} // namespace nsd::test
