// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/reconcile.hpp"

#include <cstdint>
#include <gtest/gtest.h>

namespace nsd::test {
namespace {

using Kind = Verdict::Kind;
using Type = NamespaceType;

FoundNamespace found(NamespaceTypes types) {
    NamespaceRecord record{.uuid = Uuid::random(), .name = Name("web")};
    for (const auto type : types)
        record.identities.emplace(
            type, NamespaceIdentity{type, 4, 100 + static_cast<std::uint64_t>(type), 7});
    record.spec.types = types;
    auto pins = record.identities;
    return {Meta{std::move(record), "boot"}, std::move(pins), true};
}

TEST(Reconcile, KeepsWhatIsAsRecorded) {
    const auto verdict = reconcile(found(NamespaceTypes::all()), "boot");
    EXPECT_EQ(verdict.kind, Kind::Keep);
    EXPECT_EQ(verdict.reason, "");
}

TEST(Reconcile, TakesNothingOverFromAnotherBoot) {
    EXPECT_EQ(reconcile(found({Type::Net}), "later").kind, Kind::Quarantine);
}

TEST(Reconcile, DegradesByEachPinThatIsMissing) {
    for (const auto type : allNamespaceTypes) {
        auto some = found(NamespaceTypes::all());
        some.pins.erase(type);
        const auto verdict = reconcile(some, "boot");
        EXPECT_EQ(verdict.kind, Kind::Degraded);
        EXPECT_EQ(verdict.reason, "no longer pinned: " + std::string(toWord(type)));
    }
}

TEST(Reconcile, QuarantinesWithoutAnyPin) {
    auto none = found({Type::Net, Type::Uts});
    none.pins.clear();
    EXPECT_EQ(reconcile(none, "boot").kind, Kind::Quarantine);
}

TEST(Reconcile, QuarantinesAnothersPin) {
    auto reused = found({Type::Net, Type::Uts});
    reused.pins.at(Type::Net).id = 8; // the same inode in a later life
    EXPECT_EQ(reconcile(reused, "boot").kind, Kind::Quarantine);
    auto swapped = found({Type::Net, Type::Uts});
    swapped.pins.at(Type::Net) = swapped.pins.at(Type::Uts);
    EXPECT_EQ(reconcile(swapped, "boot").kind, Kind::Quarantine);
    auto more = found({Type::Net});
    more.pins.emplace(Type::Uts, NamespaceIdentity{Type::Uts, 4, 5, 6});
    EXPECT_EQ(reconcile(more, "boot").kind, Kind::Quarantine);
}

TEST(Reconcile, BelievesInodesWhereTheKernelHasNoIds) {
    auto old = found({Type::Net});
    old.pins.at(Type::Net).id = 0;
    EXPECT_EQ(reconcile(old, "boot").kind, Kind::Keep);
    old.pins.at(Type::Net).inode += 1;
    EXPECT_EQ(reconcile(old, "boot").kind, Kind::Quarantine);
}

TEST(Reconcile, DegradesByADeadInitWhereThereShouldBeOne) {
    auto dead = found({Type::Pid});
    dead.initAlive = false;
    EXPECT_EQ(reconcile(dead, "boot").kind, Kind::Degraded);
    auto without = found({Type::Net});
    without.initAlive = false;
    EXPECT_EQ(reconcile(without, "boot").kind, Kind::Keep);
}

} // namespace
} // namespace nsd::test
