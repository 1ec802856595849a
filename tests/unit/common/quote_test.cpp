// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/quote.hpp"

#include <gtest/gtest.h>

namespace nsd {
namespace {

TEST(Quote, LeavesPlainTextAndUtf8AsTheyAre) {
    EXPECT_EQ(nsd::quoted("web"), "\"web\"");
    EXPECT_EQ(nsd::quoted("für 日本 🙂"), "\"für 日本 🙂\"");
    EXPECT_EQ(nsd::quoted(""), "\"\"");
}

TEST(Quote, EscapesWhatWouldForgeALogLine) {
    EXPECT_EQ(nsd::quoted("a\nb"), "\"a\\x0ab\"");
    EXPECT_EQ(nsd::quoted("\"\\"), "\"\\x22\\x5c\"");
    EXPECT_EQ(nsd::quoted("\x1b[31m"), "\"\\x1b[31m\"");
    EXPECT_EQ(nsd::quoted("\x7f"), "\"\\x7f\"");
    EXPECT_EQ(nsd::quoted("\xc2\x9b"), "\"\\xc2\\x9b\""); // CSI of the C1 set
    EXPECT_EQ(nsd::quoted(std::string_view("\0", 1)), "\"\\x00\"");
}

TEST(Quote, EscapesInvalidUtf8ByteByByte) {
    EXPECT_EQ(nsd::quoted("\xff"), "\"\\xff\"");
    EXPECT_EQ(nsd::quoted("\xc3"), "\"\\xc3\"");
    EXPECT_EQ(nsd::quoted("\xc0\xaf"), "\"\\xc0\\xaf\"");
}

TEST(Quote, CutsLongTextBetweenCharacters) {
    EXPECT_EQ(nsd::quoted("abcdef", 3), "\"abc…\"");
    EXPECT_EQ(nsd::quoted("abü", 3), "\"ab…\"");
    EXPECT_EQ(nsd::quoted("abc", 3), "\"abc\"");
}

TEST(Quote, KnowsWellFormedUtf8) {
    for (const char* text : {"", "a", "\xc3\xbc", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"})
        EXPECT_TRUE(isUtf8(text)) << nsd::quoted(text);
    for (const char* text :
        {"\x80", "\xc3", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"})
        EXPECT_FALSE(isUtf8(text)) << nsd::quoted(text);
}

TEST(Quote, KnowsControlCharacters) {
    for (const char* text : {"\n", "a\tb", "\x7f", "\xc2\x80", "\xc2\x9f", "\x1b"})
        EXPECT_TRUE(hasControlCharacters(text)) << nsd::quoted(text);
    for (const char* text : {"", "a b", "\xc2\xa0", "\xc3\xbc"})
        EXPECT_FALSE(hasControlCharacters(text)) << nsd::quoted(text);
}

} // namespace
} // namespace nsd
