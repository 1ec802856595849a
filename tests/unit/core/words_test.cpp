// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/unit/core/core_fixture.hpp"

#include <array>

namespace nsd::test {
namespace {

TEST(Words, AreThoseOfTheInterface) {
    constexpr std::array origins{"created", "adopted", "declared", "unit"};
    for (std::size_t i = 0; i < origins.size(); ++i) {
        EXPECT_EQ(toWord(static_cast<Origin>(i)), origins.at(i));
        EXPECT_EQ(originFromWord(origins.at(i)), static_cast<Origin>(i));
    }
    constexpr std::array lifetimes{"manual", "lease", "ttl", "persistent"};
    for (std::size_t i = 0; i < lifetimes.size(); ++i) {
        EXPECT_EQ(toWord(static_cast<Lifetime>(i)), lifetimes.at(i));
        EXPECT_EQ(lifetimeFromWord(lifetimes.at(i)), static_cast<Lifetime>(i));
    }
    EXPECT_EQ(toWord(State::Pending), "pending");
    EXPECT_EQ(toWord(State::Ready), "ready");
    EXPECT_EQ(toWord(State::Degraded), "degraded");
    EXPECT_EQ(toWord(Released::Yes), "yes");
    EXPECT_EQ(toWord(Released::No), "no");
    EXPECT_EQ(toWord(Released::Unknown), "unknown");
}

TEST(Words, ThatAreUnknownAreNamed) {
    EXPECT_EQ(textOf([] { static_cast<void>(originFromWord("stolen")); }), "\"stolen\" is not an origin");
    EXPECT_EQ(codeOf([] { static_cast<void>(lifetimeFromWord("")); }), "InvalidArgument");
}

} // namespace
} // namespace nsd::test
