// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "common/ip_address.hpp"

#include <gtest/gtest.h>
#include <string>

namespace nsd {
namespace {

// The text of the refusal; "accepted" where there is none.
template <class Parse>
std::string refusalOf(Parse parse, const std::string& text) {
    try {
        static_cast<void>(parse(text));
        return "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidArgument);
        return error.text();
    }
}

TEST(IpAddress, IsWrittenAsItIsRead) {
    for (const auto* text : {"10.0.0.1", "255.255.255.255", "fd00::1", "::", "fe80::abcd:1"})
        EXPECT_EQ(IpAddress::parse(text).str(), text);
    EXPECT_EQ(IpAddress::parse("FD00:0:0::1").str(), "fd00::1");
}

TEST(IpAddress, NothingElseIsOne) {
    for (const std::string text : {"", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1 ", "1::2::3",
             "fe80::1%eth0", "host", "10.0.0.1/24", "12345::"})
        EXPECT_NE(refusalOf(IpAddress::parse, text).find("is not an IPv4 or IPv6 address"), std::string::npos)
            << text;
    EXPECT_NE(refusalOf(IpAddress::parse, std::string("10.0.0.1\0", 9)), "accepted");
}

TEST(IpPrefix, OfALinkKeepsTheHost) {
    EXPECT_EQ(IpPrefix::parseOfLink("10.1.2.3/24").str(), "10.1.2.3/24");
    EXPECT_EQ(IpPrefix::parseOfLink("10.1.2.3").str(), "10.1.2.3/32");
    EXPECT_EQ(IpPrefix::parseOfLink("fd00::3/64").str(), "fd00::3/64");
    EXPECT_EQ(IpPrefix::parseOfLink("fd00::3").str(), "fd00::3/128");
}

TEST(IpPrefix, OfALinkIsAnAddressOfItsOwn) {
    const auto refusal = [](const std::string& text) { return refusalOf(IpPrefix::parseOfLink, text); };
    EXPECT_NE(refusal("0.0.0.0/8").find("stands for any"), std::string::npos);
    EXPECT_NE(refusal("::/64").find("stands for any"), std::string::npos);
    EXPECT_NE(refusal("224.0.0.1/24").find("multicast"), std::string::npos);
    EXPECT_NE(refusal("ff02::1/64").find("multicast"), std::string::npos);
    EXPECT_NE(refusal("127.0.0.2/8").find("only lo"), std::string::npos);
    EXPECT_NE(refusal("::1/128").find("only lo"), std::string::npos);
    EXPECT_NE(refusal("10.0.0.1/0").find("every address"), std::string::npos);
}

TEST(IpPrefix, HasALengthThatFits) {
    for (const std::string text : {"10.0.0.1/", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/2x", "10.0.0.1/ 24",
             "fd00::1/129", "10.0.0.1/24/24", "10.0.0.1/99999999999999999999"})
        EXPECT_NE(refusalOf(IpPrefix::parseOfLink, text).find("prefix length from 0 to"), std::string::npos)
            << text;
}

TEST(IpPrefix, OfANetworkHasNoHost) {
    EXPECT_EQ(IpPrefix::parseNetwork("10.1.2.0/23").str(), "10.1.2.0/23");
    EXPECT_EQ(IpPrefix::parseNetwork("10.1.2.3").str(), "10.1.2.3/32");
    EXPECT_EQ(IpPrefix::parseNetwork("fd00::/8").str(), "fd00::/8");
    EXPECT_EQ(IpPrefix::parseNetwork("0.0.0.0/0").str(), "0.0.0.0/0");
    for (const std::string text : {"10.1.3.0/22", "10.1.2.1/24", "fd00::1/64", "128.0.0.0/0"})
        EXPECT_NE(refusalOf(IpPrefix::parseNetwork, text).find("is no network"), std::string::npos) << text;
}

TEST(RouteSpec, IsWrittenAsItIsRead) {
    for (const auto* text : {"default via 10.0.0.1", "default via fd00::1", "10.1.0.0/16 via 10.0.0.1",
             "fd01::/16", "10.2.0.0/16"})
        EXPECT_EQ(RouteSpec::parse(text).str(), text);
    EXPECT_EQ(RouteSpec::parse("  default   via\tfe80::1 ").str(), "default via fe80::1");
    EXPECT_EQ(RouteSpec::parse("0.0.0.0/0").str(), "0.0.0.0/0");
}

TEST(RouteSpec, NothingElseIsOne) {
    const auto refusal = [](const std::string& text) { return refusalOf(RouteSpec::parse, text); };
    for (const std::string text : {"", "default via", "via 10.0.0.1", "10.0.0.0/8 dev eth0",
             "default to 10.0.0.1", "10.0.0.0/8 via 10.0.0.1 dev eth0"})
        EXPECT_NE(refusal(text).find("is not a route"), std::string::npos) << text;
    EXPECT_NE(refusal("default").find("does not say where to"), std::string::npos);
    EXPECT_NE(refusal("default via home").find("is not an IPv4 or IPv6 address"), std::string::npos);
    EXPECT_NE(refusal("default via 0.0.0.0").find("another host"), std::string::npos);
    EXPECT_NE(refusal("default via 127.0.0.1").find("another host"), std::string::npos);
    EXPECT_NE(refusal("fd00::/8 via 10.0.0.1").find("different families"), std::string::npos);
    EXPECT_NE(refusal("10.0.0.1/8 via 10.0.0.1").find("is no network"), std::string::npos);
}

} // namespace
} // namespace nsd
