// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "common/name.hpp"

#include <gtest/gtest.h>

namespace nsd {
namespace {

std::string complaintAbout(const std::string& text) {
    try {
        const Name name(text);
        return {};
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidName);
        return error.text();
    }
}

TEST(Name, TakesWhatTheInterfaceAllows) {
    for (const char* text : {"a", "0", "web", "Web-1_x.y", "a-", "a."})
        EXPECT_TRUE(Name::isValid(text)) << text;
    EXPECT_TRUE(Name::isValid(std::string(63, 'x')));
}

TEST(Name, RefusesEverythingElse) {
    for (const char* text : {"", ".", "..", ".stage", "-a", "_a", "a/b", "a b", "a\n", "a..b", "ä", "a\x7f"})
        EXPECT_FALSE(Name::isValid(text)) << text;
    EXPECT_FALSE(Name::isValid(std::string(64, 'x')));
    EXPECT_FALSE(Name::isValid(std::string("a\0b", 3)));
}

TEST(Name, SaysWhatIsWrongWithWhichValue) {
    EXPECT_EQ(complaintAbout("a/b"),
        "\"a/b\" is not a namespace name: a name has only letters, digits, '_', '.' and '-'");
    EXPECT_NE(complaintAbout("").find("must not be empty"), std::string::npos);
    EXPECT_NE(complaintAbout(std::string(64, 'x')).find("at most 63"), std::string::npos);
    EXPECT_NE(complaintAbout("a..b").find("'..'"), std::string::npos);
    EXPECT_NE(complaintAbout(".a").find("begins with"), std::string::npos);
}

TEST(Name, IsOrderedBytewise) {
    EXPECT_LT(Name("Z"), Name("a"));
    EXPECT_LT(Name("a"), Name("a.b"));
    EXPECT_LT(Name("a10"), Name("a2"));
}

} // namespace
} // namespace nsd
