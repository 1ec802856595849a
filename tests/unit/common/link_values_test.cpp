// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "common/link_name.hpp"
#include "common/mac_address.hpp"
#include "common/veth_spec.hpp"

#include <gtest/gtest.h>
#include <string>

namespace nsd {
namespace {

TEST(LinkName, IsWhatTheKernelTakes) {
    for (const std::string text : {"e", "eth0", "wan-7.4094", "äöü", "123456789012345", "..."})
        EXPECT_EQ(LinkName(text).str(), text);
}

TEST(LinkName, NothingElseIsOne) {
    for (const std::string text : {"", "1234567890123456", "a/b", "a:b", "eth%d", "a b", "a\tb", "a\x7f",
             "\xff", ".", "..", "all", "default"})
        EXPECT_THROW(LinkName{text}, Error) << text;
    EXPECT_THROW(LinkName(std::string("a\0b", 3)), Error);
}

TEST(MacAddress, IsTextAndBytes) {
    EXPECT_EQ(macText(std::string("\x02\x00\xab\xff\x10\x01", 6)), "02:00:ab:ff:10:01");
    EXPECT_EQ(macBytes("02:00:ab:ff:10:01"), std::string("\x02\x00\xab\xff\x10\x01", 6));
    EXPECT_EQ(macBytes(""), "");
    for (const auto* text : {"02:", "0", "02:0", "02-00", "02:zz", "02:00:", ":02", "+2:00"})
        EXPECT_THROW(static_cast<void>(macBytes(text)), Error) << text;
}

TEST(MacAddress, RandomOnesAreLocalAndUnicast) {
    for (int i = 0; i < 100; ++i) {
        const auto bytes = macBytes(randomMac());
        ASSERT_EQ(bytes.size(), 6U);
        EXPECT_EQ(static_cast<unsigned char>(bytes[0]) & 3U, 2U);
    }
    EXPECT_NE(randomMac(), randomMac());
}

TEST(VethSpec, HasAnMtuOfAVeth) {
    EXPECT_NO_THROW(checkVethMtu(68));
    EXPECT_NO_THROW(checkVethMtu(65535));
    EXPECT_THROW(checkVethMtu(67), Error);
    EXPECT_THROW(checkVethMtu(0), Error);
    EXPECT_THROW(checkVethMtu(65536), Error);
}

} // namespace
} // namespace nsd
