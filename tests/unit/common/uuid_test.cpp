// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/uuid.hpp"

#include <gtest/gtest.h>
#include <set>

namespace nsd {
namespace {

TEST(Uuid, IsWrittenAndReadAs32LowerCaseHexDigits) {
    const auto uuid = Uuid::random();
    EXPECT_EQ(uuid.str().size(), 32U);
    EXPECT_EQ(uuid.str().find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(Uuid::parse(uuid.str()), uuid);
}

TEST(Uuid, IsOfVersion4) {
    const auto text = Uuid::random().str();
    EXPECT_EQ(text[12], '4');
    EXPECT_NE(std::string("89ab").find(text[16]), std::string::npos);
}

TEST(Uuid, IsNewEachTime) {
    std::set<Uuid> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(Uuid::random());
    EXPECT_EQ(seen.size(), 1000U);
}

TEST(Uuid, IsNothingElse) {
    const std::string good(32, 'a');
    EXPECT_TRUE(Uuid::parse(good));
    EXPECT_FALSE(Uuid::parse(""));
    EXPECT_FALSE(Uuid::parse(good + "a"));
    EXPECT_FALSE(Uuid::parse(good.substr(1)));
    EXPECT_FALSE(Uuid::parse(std::string(32, 'A')));
    EXPECT_FALSE(Uuid::parse("aaaaaaaa-aaaa-4aaa-aaaa-aaaaaaaa"));
    EXPECT_FALSE(Uuid::parse(std::string(31, 'a') + '/'));
    EXPECT_FALSE(Uuid::parse(std::string(31, 'a') + '\0'));
}

} // namespace
} // namespace nsd
