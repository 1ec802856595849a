// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/decision.hpp"

#include <cstdint>
#include <gtest/gtest.h>

namespace nsd::test {
namespace {

constexpr uid_t owner = 1000;
constexpr uid_t stranger = 1001;
constexpr gid_t staff = 50;

const MethodRule& row(std::string_view method) {
    const auto* rule = ruleOf(method);
    EXPECT_NE(rule, nullptr) << method;
    return *rule;
}

Caller callerOf(uid_t uid, std::vector<gid_t> groups = {}) {
    return {.busName = ":1.7", .uid = uid, .groups = std::move(groups), .ground = {}};
}

NamespaceRecord ownedRecord() {
    NamespaceRecord record{.uuid = Uuid::random(), .name = Name("web")};
    record.spec.types = {NamespaceType::Net};
    record.owner = owner;
    return record;
}

// "ground", "ask ACTION" or "no".
std::string said(const Decision& decision) {
    if (const auto* allow = std::get_if<Allow>(&decision))
        return allow->ground;
    if (const auto* ask = std::get_if<Ask>(&decision))
        return "ask " + std::string(ask->action);
    EXPECT_NE(std::get<Refuse>(decision).why, "");
    return "no";
}

std::string decided(std::string_view method, const Caller& caller, const NamespaceRecord& record) {
    return said(decide(row(method), caller, &record));
}

TEST(Decision, RootMayAll) {
    const auto record = ownedRecord();
    for (const auto& rule : methodRules()) {
        EXPECT_EQ(said(decide(rule, callerOf(0), &record)), "root") << rule.method;
        EXPECT_EQ(said(decide(rule, callerOf(0), nullptr)), "root") << rule.method;
    }
}

TEST(Decision, EverybodyMayLook) {
    const auto record = ownedRecord();
    for (const uid_t uid : {owner, stranger, 65534U, 4'000'000'000U, 4294967295U}) {
        EXPECT_EQ(decided("Get", callerOf(uid), record), "everybody");
        EXPECT_EQ(said(decide(row("List"), callerOf(uid), nullptr)), "everybody");
    }
}

TEST(Decision, AnOwnerHasTheRightsOfOwners) {
    const auto record = ownedRecord();
    for (const auto* method : {"Enter", "Exec", "OpenSocket", "Hold", "Destroy", "Rename", "SetLabels"}) {
        EXPECT_EQ(decided(method, callerOf(owner), record), "owner") << method;
        EXPECT_EQ(decided(method, callerOf(stranger), record), "ask " + std::string(row(method).action));
    }
}

TEST(Decision, AnOwnerMayGrantOnlyWhereTheUserNamespaceIsHis) {
    auto record = ownedRecord();
    EXPECT_EQ(decided("Grant", callerOf(owner), record), "ask org.nsd1.grant");
    EXPECT_EQ(decided("Revoke", callerOf(owner), record), "ask org.nsd1.grant");
    record.userNamespaceOwner = stranger;
    EXPECT_EQ(decided("Grant", callerOf(owner), record), "ask org.nsd1.grant");
    EXPECT_EQ(decided("Grant", callerOf(stranger), record), "ask org.nsd1.grant");
    record.userNamespaceOwner = owner;
    EXPECT_EQ(decided("Grant", callerOf(owner), record), "owner");
    EXPECT_EQ(decided("Revoke", callerOf(owner), record), "owner");
}

TEST(Decision, NoOwnerGivesAwayLinksOfTheHost) {
    auto record = ownedRecord();
    record.userNamespaceOwner = owner;
    EXPECT_EQ(decided("Grant link", callerOf(owner), record), "ask org.nsd1.grant");
    constexpr MethodRule move{"MoveLink", Right::Link, true, "org.nsd1.link"};
    EXPECT_EQ(said(decide(move, callerOf(owner), &record)), "ask org.nsd1.link");
}

TEST(Decision, AUserHasWhatHeIsGrantedAndNothingElse) {
    auto record = ownedRecord();
    record.grants = {{false, stranger, {"fds", "hold"}}};
    EXPECT_EQ(decided("Enter", callerOf(stranger), record), "user:1001");
    EXPECT_EQ(decided("Hold", callerOf(stranger), record), "user:1001");
    EXPECT_EQ(decided("Exec", callerOf(stranger), record), "ask org.nsd1.enter");
    EXPECT_EQ(decided("Enter", callerOf(stranger + 1), record), "ask org.nsd1.fds");
}

TEST(Decision, AGroupHasWhatItIsGranted) {
    auto record = ownedRecord();
    record.grants = {{true, staff, {"manage"}}};
    EXPECT_EQ(decided("Destroy", callerOf(stranger, {7, staff}), record), "group:50");
    EXPECT_EQ(decided("Destroy", callerOf(stranger, {7}), record), "ask org.nsd1.manage");
    EXPECT_EQ(decided("Destroy", callerOf(staff), record), "ask org.nsd1.manage") << "a uid is no gid";
    EXPECT_EQ(decided("Destroy", callerOf(stranger), record), "ask org.nsd1.manage");
}

TEST(Decision, LinksOfTheHostCanBeGranted) {
    auto record = ownedRecord();
    record.grants = {{false, stranger, {"link"}}};
    constexpr MethodRule move{"MoveLink", Right::Link, true, "org.nsd1.link"};
    EXPECT_EQ(said(decide(move, callerOf(stranger), &record)), "user:1001");
}

TEST(Decision, WhatCannotBeGrantedIsNotHadByAGrant) {
    auto record = ownedRecord();
    record.grants = {
        {false, stranger, {"grant", "grant-link", "create", "create-rootless", "adopt", "process", "admin"}}};
    EXPECT_EQ(decided("Grant", callerOf(stranger), record), "ask org.nsd1.grant");
    EXPECT_EQ(decided("Grant link", callerOf(stranger), record), "ask org.nsd1.grant");
    EXPECT_EQ(decided("Create", callerOf(stranger), record), "ask org.nsd1.create");
    EXPECT_EQ(decided("Adopt", callerOf(stranger), record), "ask org.nsd1.adopt");
    EXPECT_EQ(decided("Kill", callerOf(stranger), record), "no");
    EXPECT_EQ(decided("Reload", callerOf(stranger), record), "no");
}

TEST(Decision, NobodyIsNeverOwnerOrGrantee) {
    auto record = ownedRecord();
    for (const std::uint32_t id : {65534U, 4294967295U}) {
        record.owner = id;
        record.userNamespaceOwner = id;
        record.grants = {{false, id, {"manage", "fds"}}, {true, id, {"manage", "fds"}}};
        EXPECT_EQ(decided("Destroy", callerOf(id), record), "ask org.nsd1.manage") << id;
        EXPECT_EQ(decided("Enter", callerOf(id, {id}), record), "ask org.nsd1.fds") << id;
        EXPECT_EQ(decided("Grant", callerOf(id), record), "ask org.nsd1.grant") << id;
        EXPECT_EQ(decided("Enter", callerOf(stranger, {id}), record), "ask org.nsd1.fds") << id;
        EXPECT_EQ(said(decide(row("Kill"), callerOf(id), nullptr, id)), "no") << id;
        EXPECT_EQ(said(decide(row("Adopt"), callerOf(id), nullptr, id)), "ask org.nsd1.adopt") << id;
    }
}

TEST(Decision, NobodyHasNoRightByAGroupEither) {
    auto record = ownedRecord();
    record.grants = {{true, staff, {"manage"}}};
    EXPECT_EQ(decided("Destroy", callerOf(65534, {staff}), record), "ask org.nsd1.manage");
}

TEST(Decision, LargeUidsAreUsersAsAllOthers) {
    auto record = ownedRecord();
    record.owner = 4'000'000'000;
    EXPECT_EQ(decided("Destroy", callerOf(4'000'000'000), record), "owner");
    record.grants = {{false, 4'294'967'294, {"manage"}}};
    EXPECT_EQ(decided("Destroy", callerOf(4'294'967'294), record), "user:4294967294");
}

TEST(Decision, AProcessIsItsUsersAndRoots) {
    for (const auto* method : {"Kill", "Wait"}) {
        EXPECT_EQ(said(decide(row(method), callerOf(owner), nullptr, owner)), "owner");
        EXPECT_EQ(said(decide(row(method), callerOf(stranger), nullptr, owner)), "no");
        EXPECT_EQ(said(decide(row(method), callerOf(stranger), nullptr)), "no");
        EXPECT_EQ(said(decide(row(method), callerOf(0), nullptr, owner)), "root");
    }
}

TEST(Decision, WhatIsAdoptedIsOwnOrAnothers) {
    EXPECT_EQ(said(decide(row("Adopt"), callerOf(owner), nullptr, owner)), "owner");
    EXPECT_EQ(said(decide(row("Adopt"), callerOf(stranger), nullptr, owner)), "ask org.nsd1.adopt");
    EXPECT_EQ(said(decide(row("Adopt"), callerOf(stranger), nullptr)), "ask org.nsd1.adopt");
}

TEST(Decision, CreatingForOneselfIsEverybodysWhereTheHostAllowsIt) {
    EXPECT_EQ(said(decide(row("Create rootless"), callerOf(stranger), nullptr)), "everybody");
    EXPECT_EQ(said(decide(row("Create rootless disabled"), callerOf(stranger), nullptr)),
        "ask org.nsd1.create-rootless");
    EXPECT_EQ(said(decide(row("Create"), callerOf(stranger), nullptr)), "ask org.nsd1.create");
}

TEST(Decision, TheRefusalSaysWhoMay) {
    const auto decision = decide(row("Reload"), callerOf(stranger), nullptr);
    EXPECT_EQ(std::get<Refuse>(decision).why, "Reload is for root alone, and uid 1001 called it");
    const auto kill = decide(row("Kill"), callerOf(stranger), nullptr, owner);
    EXPECT_EQ(std::get<Refuse>(kill).why, "Kill is for root and the owner, and uid 1001 called it");
}

} // namespace
} // namespace nsd::test
