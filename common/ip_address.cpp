// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/ip_address.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <sstream>
#include <sys/socket.h>
#include <vector>

namespace nsd {
namespace {

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw Error(Errc::InvalidArgument, quoted(text) + " " + why);
}

bool hasFirstByte(const IpAddress& address, unsigned byte) {
    return address.data()[0] == byte;
}

bool isUnspecified(const IpAddress& address) {
    return std::all_of(
        address.data(), address.data() + address.size(), [](std::uint8_t byte) { return byte == 0; });
}

bool isMulticast(const IpAddress& address) {
    constexpr unsigned v4Class = 0xe0;
    return address.family() == IpAddress::Family::V4 ? (address.data()[0] & 0xf0U) == v4Class
                                                     : hasFirstByte(address, 0xff);
}

bool isLoopback(const IpAddress& address) {
    constexpr unsigned v4Network = 127;
    return address.family() == IpAddress::Family::V4 ? hasFirstByte(address, v4Network)
                                                     : address == IpAddress::parse("::1");
}

// Whether a bit behind the first `length` ones is set.
bool hasHostBits(const IpPrefix& prefix) {
    constexpr unsigned byteBits = 8;
    for (unsigned bit = prefix.length; bit < prefix.address.bits(); ++bit)
        if ((prefix.address.data()[bit / byteBits] & (0x80U >> (bit % byteBits))) != 0)
            return true;
    return false;
}

IpPrefix parsePrefix(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (slash == std::string_view::npos)
        return {address, address.bits()};
    const auto digits = text.substr(slash + 1);
    unsigned length = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
        length > address.bits())
        refuse(text, "has no prefix length from 0 to " + std::to_string(address.bits()) + " behind its '/'");
    return {address, length};
}

std::vector<std::string> wordsOf(std::string_view text) {
    std::istringstream stream{std::string(text)};
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

} // namespace

IpAddress::IpAddress(Family family, const void* bytes) : family_(family) {
    std::memcpy(bytes_.data(), bytes, size());
}

IpAddress IpAddress::parse(std::string_view text) {
    const std::string terminated(text);
    in6_addr bytes{};
    // A NUL would end the text before its end.
    if (text.find('\0') == std::string_view::npos) {
        if (::inet_pton(AF_INET, terminated.c_str(), &bytes) == 1)
            return {Family::V4, &bytes};
        if (::inet_pton(AF_INET6, terminated.c_str(), &bytes) == 1)
            return {Family::V6, &bytes};
    }
    refuse(text, "is not an IPv4 or IPv6 address");
}

std::string IpAddress::str() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(family_ == Family::V4 ? AF_INET : AF_INET6, data(), text.data(), text.size());
    return text.data();
}

IpPrefix IpPrefix::parseOfLink(std::string_view text) {
    const auto prefix = parsePrefix(text);
    if (isUnspecified(prefix.address))
        refuse(text, "is no address of a link, it stands for any");
    if (isMulticast(prefix.address))
        refuse(text, "is a multicast address; a link has addresses of its own");
    if (isLoopback(prefix.address))
        refuse(text, "is a loopback address, which only lo has");
    if (prefix.length == 0)
        refuse(text, "would make every address one of this link's network");
    return prefix;
}

IpPrefix IpPrefix::parseNetwork(std::string_view text) {
    const auto prefix = parsePrefix(text);
    if (hasHostBits(prefix))
        refuse(text, "is no network: bits behind its first " + std::to_string(prefix.length) + " are set");
    return prefix;
}

std::string IpPrefix::str() const {
    return address.str() + "/" + std::to_string(length);
}

RouteSpec RouteSpec::parse(std::string_view text) {
    const auto words = wordsOf(text);
    const bool hasGateway = words.size() == 3 && words[1] == "via";
    if (text.find('\0') != std::string_view::npos || (words.size() != 1 && !hasGateway))
        refuse(text, R"(is not a route: "default via ADDRESS", "PREFIX via ADDRESS" or "PREFIX")");
    if (!hasGateway) {
        if (words[0] == "default")
            refuse(text, R"(does not say where to: "default via ADDRESS")");
        return {IpPrefix::parseNetwork(words[0]), {}};
    }
    const auto gateway = IpAddress::parse(words[2]);
    if (isUnspecified(gateway) || isMulticast(gateway) || isLoopback(gateway))
        refuse(text, "has a gateway that is not the address of another host");
    if (words[0] == "default")
        return {{IpAddress(gateway.family(), in6addr_any.s6_addr), 0}, gateway};
    const auto destination = IpPrefix::parseNetwork(words[0]);
    if (destination.address.family() != gateway.family())
        refuse(text, "has a destination and a gateway of different families");
    return {destination, gateway};
}

std::string RouteSpec::str() const {
    auto text = destination.length == 0 && gateway ? std::string("default") : destination.str();
    if (gateway)
        text += " via " + gateway->str();
    return text;
}

} // namespace nsd
