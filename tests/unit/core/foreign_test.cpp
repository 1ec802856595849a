// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/foreign.hpp"

#include <gtest/gtest.h>

namespace nsd::test {
namespace {

NamespaceRecord recordOf(NamespaceTypes types) {
    NamespaceRecord record{.uuid = Uuid::random(), .name = Name("web")};
    record.spec.types = types;
    return record;
}

TEST(Foreign, AreAllTypesMadeWithAUserNamespace) {
    const auto record = recordOf({NamespaceType::User, NamespaceType::Net, NamespaceType::Mnt});
    EXPECT_TRUE(isForeign(record, NamespaceType::User));
    EXPECT_TRUE(isForeign(record, NamespaceType::Net));
    EXPECT_TRUE(isForeign(record, NamespaceType::Mnt));
    EXPECT_FALSE(isForeign(record, NamespaceType::Pid)) << "it has none";
}

TEST(Foreign, IsNothingMadeWithoutOne) {
    const auto record = recordOf({NamespaceType::Net, NamespaceType::Mnt, NamespaceType::Pid});
    for (const auto type : allNamespaceTypes)
        EXPECT_FALSE(isForeign(record, type)) << toWord(type);
}

} // namespace
} // namespace nsd::test
