// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nsd {

// Addresses and routes as ip-address(8) and ip-route(8) write them, and as the kernel takes them. All
// parsers throw Error{InvalidArgument} that quotes the text and says what is wrong with it.

// An IPv4 or IPv6 address, in the byte order of the network.
class IpAddress {
  public:
    enum class Family : std::uint8_t { V4, V6 };

    // "10.0.0.1", "fd00::1"; no scope ("%eth0"), no leading zeros.
    [[nodiscard]] static IpAddress parse(std::string_view text);
    // 4 or 16 bytes.
    IpAddress(Family family, const void* bytes);

    [[nodiscard]] Family family() const noexcept { return family_; }
    [[nodiscard]] const std::uint8_t* data() const noexcept { return bytes_.data(); }
    [[nodiscard]] unsigned bits() const noexcept { return family_ == Family::V4 ? 32 : 128; }
    [[nodiscard]] std::size_t size() const noexcept { return bits() / 8; }
    [[nodiscard]] std::string str() const;
    friend auto operator<=>(const IpAddress&, const IpAddress&) noexcept = default;

  private:
    Family family_;
    std::array<std::uint8_t, 16> bytes_{};
};

// An address and how many of its bits are the network's: "10.0.0.1/24".
struct IpPrefix {
    IpAddress address;
    unsigned length = 0;

    // Of a link: bits behind the prefix are the host's. Without "/LENGTH" it is the address alone (/32,
    // /128). Not the unspecified, a multicast or a loopback address.
    [[nodiscard]] static IpPrefix parseOfLink(std::string_view text);
    // Of a network: bits behind the prefix are 0. Without "/LENGTH" it is one host.
    [[nodiscard]] static IpPrefix parseNetwork(std::string_view text);

    [[nodiscard]] std::string str() const;
    friend auto operator<=>(const IpPrefix&, const IpPrefix&) noexcept = default;
};

// Where packets go: "default via ADDRESS", "PREFIX via ADDRESS", or "PREFIX" for what is on the link itself.
struct RouteSpec {
    IpPrefix destination; // default: length 0
    std::optional<IpAddress> gateway;

    [[nodiscard]] static RouteSpec parse(std::string_view text);

    [[nodiscard]] std::string str() const;
    friend auto operator<=>(const RouteSpec&, const RouteSpec&) noexcept = default;
};

} // namespace nsd
