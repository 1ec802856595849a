// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "common/namespace_type.hpp"

#include <gtest/gtest.h>
#include <set>

namespace nsd {
namespace {

using Types = NamespaceTypes;

TEST(NamespaceType, HasTheWordsOfProc) {
    EXPECT_EQ(describe(Types::all()), "cgroup, ipc, mnt, net, pid, time, user, uts");
}

TEST(NamespaceType, GoesToItsWordAndFlagAndBack) {
    std::set<int> flags;
    for (const auto type : allNamespaceTypes) {
        EXPECT_EQ(namespaceTypeFromWord(toWord(type)), type);
        EXPECT_EQ(namespaceTypeFromCloneFlag(cloneFlag(type)), type);
        flags.insert(cloneFlag(type));
    }
    EXPECT_EQ(flags.size(), allNamespaceTypes.size());
}

TEST(NamespaceType, OfChildrenForPidAndTimeAfterUnshare) {
    for (const auto type : allNamespaceTypes) {
        const bool children = type == NamespaceType::Pid || type == NamespaceType::Time;
        EXPECT_EQ(procFileAfterUnshare(type), std::string(toWord(type)) + (children ? "_for_children" : ""));
    }
}

TEST(NamespaceType, UnknownWordsAreNamedAndTheKnownListed) {
    try {
        static_cast<void>(namespaceTypeFromWord("network"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidArgument);
        EXPECT_EQ(error.text(), "\"network\" is not a namespace type; the types are "
                                "cgroup, ipc, mnt, net, pid, time, user, uts");
    }
    EXPECT_THROW(static_cast<void>(namespaceTypeFromWord("")), Error);
    EXPECT_THROW(static_cast<void>(namespaceTypeFromWord("Net")), Error);
    EXPECT_THROW(static_cast<void>(namespaceTypeFromCloneFlag(0)), Error);
}

TEST(NamespaceTypes, IterateInTheOrderOfTheWords) {
    const Types types{NamespaceType::Uts, NamespaceType::Cgroup, NamespaceType::Net};
    EXPECT_EQ(toWords(types), (std::vector<std::string>{"cgroup", "net", "uts"}));
    EXPECT_EQ(types.size(), 3U);
}

TEST(NamespaceTypes, AreASet) {
    Types types;
    EXPECT_TRUE(types.empty());
    types.insert(NamespaceType::Net);
    types.insert(NamespaceType::Net);
    EXPECT_EQ(types, Types{NamespaceType::Net});
    EXPECT_TRUE(Types::all().containsAll(types));
    EXPECT_FALSE(types.containsAll(Types::all()));
    EXPECT_TRUE(types.containsAll({}));
    types.erase(NamespaceType::Net);
    EXPECT_EQ(types.begin(), types.end());
}

TEST(NamespaceTypes, FromWordsRefusesNoneAndTwice) {
    EXPECT_EQ(namespaceTypesFromWords({"uts", "net"}), (Types{NamespaceType::Net, NamespaceType::Uts}));
    EXPECT_THROW(static_cast<void>(namespaceTypesFromWords({})), Error);
    EXPECT_THROW(static_cast<void>(namespaceTypesFromWords({"net", "net"})), Error);
    EXPECT_THROW(static_cast<void>(namespaceTypesFromWords({"net", "bad"})), Error);
}

} // namespace
} // namespace nsd
