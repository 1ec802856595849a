// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/meta.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>

namespace nsd::test {
namespace {

using nlohmann::json;
using Type = NamespaceType;

NamespaceRecord fullRecord() {
    NamespaceRecord record{.uuid = Uuid::random(), .name = Name("web")};
    record.spec.types = NamespaceTypes::all();
    for (const auto type : allNamespaceTypes)
        record.identities.emplace(
            type, NamespaceIdentity{type, 4, 4026531840U + static_cast<std::uint64_t>(type), ~0ULL});
    record.identities.at(Type::Uts).id = 0;
    record.spec.owner = record.owner = 4'000'000'000;
    record.spec.uidMap = {{0, 100000, 65536}, {65536, 0, 1}};
    record.spec.gidMap = {{0, 0, 4294967295U}};
    record.spec.mapRoot = true;
    record.spec.hostname = "inside";
    record.spec.domainname = "für";
    record.spec.sysctls = {{"net.ipv4.conf.eth0/7.forwarding", "1"}};
    record.spec.monotonicOffset = -5;
    record.spec.boottimeOffset = std::numeric_limits<std::int64_t>::max();
    record.labels = {{"k", "日本 \"quoted\""}};
    record.grants = {{false, 1000, {"manage"}}, {true, 100, {"fds", "hold"}}};
    record.userNamespaceOwner = 4'000'000'001;
    record.origin = Origin::Adopted;
    record.lifetime = Lifetime::Ttl;
    record.createdRealtime = 1'700'000'000'000'000;
    record.ttl = std::chrono::seconds(60);
    record.deadline = std::chrono::seconds(1234);
    record.request = RequestId{1000, "req"};
    record.requestDigest = ~0ULL;
    record.controlGroup = "/nsd-keep/x";
    record.initPid = 4321;
    record.publicNames = {Name("web"), Name("www")};
    record.spec.links = {{"a", "b", "box", {"10.0.0.1/24"}, {"10.0.0.2/24"}, {"10.1.0.0/16"}, 1400}};
    record.borrowedLinks = {{{"nsd-1", "eth0", 3, 7, {"veth", "pci/1", "02:00:00:00:00:02", 9}, {"alt"},
                                 "02:00:00:00:00:01", 1500, true, "br0"},
        "wan"}};
    record.unfinishedVeths = {{"a", "02:00:00:00:00:03"}};
    return record;
}

std::string reject(const std::function<void(json&)>& change) {
    auto meta = json::parse(writeMeta(fullRecord(), "boot"));
    change(meta);
    try {
        static_cast<void>(readMeta(meta.dump(), Name("web")));
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidArgument);
        return error.text();
    }
    return {};
}

TEST(Meta, IsReadAsItWasWritten) {
    const auto before = fullRecord();
    const auto meta = readMeta(writeMeta(before, "boot"), Name("web"));
    EXPECT_EQ(meta.bootId, "boot");
    const auto& after = meta.record;
    EXPECT_EQ(after.uuid, before.uuid);
    EXPECT_EQ(after.spec, before.spec);
    EXPECT_EQ(after.owner, before.owner);
    EXPECT_EQ(after.labels, before.labels);
    EXPECT_EQ(after.grants, before.grants);
    EXPECT_EQ(after.userNamespaceOwner, before.userNamespaceOwner);
    EXPECT_EQ(after.origin, before.origin);
    EXPECT_EQ(after.lifetime, before.lifetime);
    EXPECT_EQ(after.createdRealtime, before.createdRealtime);
    EXPECT_EQ(after.deadline, before.deadline);
    EXPECT_EQ(after.ttl, before.ttl);
    EXPECT_EQ(after.request, before.request);
    EXPECT_EQ(after.requestDigest, before.requestDigest);
    EXPECT_EQ(after.controlGroup, before.controlGroup);
    EXPECT_EQ(after.initPid, before.initPid);
    EXPECT_EQ(after.publicNames, before.publicNames);
    EXPECT_EQ(after.borrowedLinks, before.borrowedLinks);
    EXPECT_EQ(after.unfinishedVeths, before.unfinishedVeths);
    ASSERT_EQ(after.identities.size(), 8U);
    for (const auto& [type, identity] : before.identities) {
        EXPECT_EQ(after.identities.at(type).device, identity.device);
        EXPECT_EQ(after.identities.at(type).inode, identity.inode);
        EXPECT_EQ(after.identities.at(type).id, identity.id);
    }
}

TEST(Meta, OfTheLeastIsReadAsItWasWritten) {
    NamespaceRecord record{.uuid = Uuid::random(), .name = Name("web")};
    record.spec.types = {Type::Net};
    record.identities.emplace(Type::Net, NamespaceIdentity{Type::Net, 4, 5, 0});
    const auto text = writeMeta(record, "boot");
    EXPECT_EQ(writeMeta(readMeta(text, Name("web")).record, "boot"), text);
    EXPECT_EQ(text.find("web"), std::string::npos) << "the name is the directory's";
}

TEST(Meta, ALeaseHasItsDeadlineAndMayHaveATimeToLive) {
    auto record = fullRecord();
    record.lifetime = Lifetime::Lease;
    record.leaseDeadline = std::chrono::seconds(7);
    const auto again = [&] { return readMeta(writeMeta(record, "boot"), Name("web")).record; };
    EXPECT_EQ(again().leaseDeadline, record.leaseDeadline);
    EXPECT_EQ(again().deadline, record.deadline);
    record.deadline = record.ttl = std::nullopt;
    EXPECT_EQ(again().lifetime, Lifetime::Lease);
}

TEST(Meta, MissesNoKeyThatItNeeds) {
    for (const char* key : {"schema", "uuid", "boot-id", "owner", "origin", "lifetime", "created", "types",
             "labels", "grants", "options"})
        EXPECT_NE(reject([&](json& meta) { meta.erase(key); }).find(key), std::string::npos) << key;
}

TEST(Meta, TakesNoKeyAsAnotherType) {
    const auto keys = json::parse(writeMeta(fullRecord(), "boot"));
    const std::vector<json> others{nullptr, 1.5, -1, true, "?", json::array({1})};
    for (const auto& [key, value] : keys.items()) {
        for (const auto& wrong : others) {
            if (wrong.type() == value.type())
                continue;
            EXPECT_NE(reject([&, name = key](json& meta) { meta[name] = wrong; }), "") << key << wrong;
        }
    }
}

TEST(Meta, TakesNoKeyThatItDoesNotKnow) {
    EXPECT_EQ(reject([](json& meta) { meta["extra"] = 1; }), "meta has an unknown key \"extra\"");
    EXPECT_NE(reject([](json& meta) { meta["options"]["extra"] = 1; }), "");
    EXPECT_NE(reject([](json& meta) { meta["types"]["net"]["extra"] = 1; }), "");
    EXPECT_NE(reject([](json& meta) { meta["types"]["extra"] = meta["types"]["net"]; }), "");
    EXPECT_NE(reject([](json& meta) { meta["request"]["extra"] = 1; }), "");
    EXPECT_NE(reject([](json& meta) { meta["grants"][0]["extra"] = 1; }), "");
}

TEST(Meta, TakesNoValueOutOfItsRange) {
    EXPECT_NE(reject([](json& meta) { meta["owner"] = 4'294'967'296; }), "");
    EXPECT_NE(reject([](json& meta) { meta["owner"] = -1; }), "");
    EXPECT_NE(reject([](json& meta) { meta["schema"] = 2; }).find("schema 2"), std::string::npos);
    EXPECT_NE(reject([](json& meta) { meta["uuid"] = "../../etc"; }), "");
    EXPECT_NE(reject([](json& meta) { meta["origin"] = "stolen"; }), "");
    EXPECT_NE(reject([](json& meta) { meta["lifetime"] = "manual"; }), "");
    EXPECT_NE(reject([](json& meta) { meta.erase("deadline"); }), "");
    EXPECT_NE(reject([](json& meta) { meta["deadline"] = 0; }), "");
    EXPECT_NE(reject([](json& meta) { meta["lifetime"] = "lease"; }), "");
    EXPECT_NE(reject([](json& meta) { meta["lease-deadline"] = 1; }), "");
    EXPECT_NE(reject([](json& meta) { meta["types"] = json::object(); }), "");
    EXPECT_NE(reject([](json& meta) { meta["labels"]["bad key"] = "v"; }), "");
    EXPECT_NE(reject([](json& meta) { meta["grants"][0]["user"] = 65534; }), "");
    EXPECT_NE(reject([](json& meta) { meta["grants"][0]["rights"] = {"grant"}; }), "");
    EXPECT_NE(reject([](json& meta) { meta["options"]["uid-map"][0] = {1, 2}; }), "");
    EXPECT_NE(reject([](json& meta) { meta["options"]["boottime-offset"] = 9223372036854775808ULL; }), "");
    EXPECT_NE(reject([](json& meta) { meta["control-group"] = "/nsd-keep/../system.slice"; }), "");
    EXPECT_NE(reject([](json& meta) { meta["control-group"] = "relative"; }), "");
    EXPECT_NE(reject([](json& meta) { meta["init-pid"] = -1; }), "");
    EXPECT_NE(reject([](json& meta) { meta["public-names"] = json::array(); }), "");
    EXPECT_NE(reject([](json& meta) { meta["public-names"] = {"../etc"}; }), "");
    EXPECT_NE(reject([](json& meta) { meta["types"].erase("net"); }), "") << "a public name without net";
    EXPECT_NE(reject([](json& meta) { meta["init-pid"] = 4'294'967'297; }), "");
    EXPECT_NE(reject([](json& meta) { meta["types"].erase("pid"); }), "") << "an init without pid";
}

TEST(Meta, KnowsWhoseTheUserNamespaceIsThatWasMade) {
    const auto rejectCreated = [](const std::function<void(json&)>& change) {
        return reject([&](json& meta) {
            meta["origin"] = "created";
            meta.erase("foreign");
            change(meta);
        });
    };
    constexpr auto why = "user-namespace-owner and type user go together";
    EXPECT_EQ(rejectCreated([](json&) {}), "");
    EXPECT_EQ(rejectCreated([](json& meta) { meta.erase("user-namespace-owner"); }), why);
    EXPECT_EQ(rejectCreated([](json& meta) { meta["types"].erase("user"); }), why);
}

TEST(Meta, IsNothingElse) {
    for (const char* text : {"", "{", "[]", "null", "\"x\"", "{}", "{\"schema\": 1} x"})
        EXPECT_THROW(static_cast<void>(readMeta(text, Name("web"))), Error) << text;
    EXPECT_THROW(static_cast<void>(readMeta(std::string("\xff\0", 2), Name("web"))), Error);
    std::string deep(1'000'000, '[');
    deep.append(deep.size(), ']');
    EXPECT_THROW(static_cast<void>(readMeta(deep, Name("web"))), Error);
}

TEST(NamespaceRecord, IsSmall) {
    EXPECT_LE(sizeof(NamespaceRecord), 896U);
    // A record of all types with its nodes in the maps and indexes stays below 3 KiB.
    constexpr std::size_t node = 64;
    EXPECT_LE(sizeof(NamespaceRecord) + 8 * (sizeof(NamespaceIdentity) + 2 * node) + 3 * node, 3072U);
}

} // namespace
} // namespace nsd::test
