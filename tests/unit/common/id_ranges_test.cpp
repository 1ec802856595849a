// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "common/id_ranges.hpp"

#include <gtest/gtest.h>

namespace nsd {
namespace {

const std::vector<IdRange> map{{0, 1000, 1}, {100, 200'000, 10}};

TEST(IdMap, isReadAsTheKernelWritesIt) {
    EXPECT_EQ(parseIdMap("         0       1000          1\n       100     200000         10\n"), map);
    EXPECT_EQ(parseIdMap(""), std::vector<IdRange>{});
    EXPECT_THROW(static_cast<void>(parseIdMap("0 1000\n")), Error);
    EXPECT_THROW(static_cast<void>(parseIdMap("0 1000 1 7\n")), Error);
}

TEST(IdMap, knowsWhatExistsInside) {
    EXPECT_TRUE(isInside(map, 0));
    EXPECT_FALSE(isInside(map, 1));
    EXPECT_TRUE(isInside(map, 109));
    EXPECT_FALSE(isInside(map, 110));
}

TEST(IdMap, findsWhoSomebodyInsideIsOutside) {
    EXPECT_EQ(outsideOf(map, 0), 1000U);
    EXPECT_EQ(outsideOf(map, 109), 200'009U);
    EXPECT_EQ(outsideOf(map, 1), std::nullopt);
    EXPECT_EQ(outsideOf(parseIdMap("0 4294967295 1\n"), 0), std::nullopt);
}

TEST(IdMap, findsAnIdOfTheOutside) {
    EXPECT_EQ(insideOf(map, 1000), 0U);
    EXPECT_EQ(insideOf(map, 200'009), 109U);
    EXPECT_EQ(insideOf(map, 200'010), std::nullopt);
    EXPECT_EQ(insideOf(map, 0), std::nullopt);
}

TEST(IdMap, isShownByItsInside) {
    EXPECT_EQ(describeIdMap(map), "0, 100-109");
    EXPECT_EQ(describeIdMap({}), "nothing");
}

} // namespace
} // namespace nsd
