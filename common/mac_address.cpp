// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/mac_address.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <sys/random.h>

namespace nsd {

std::string randomMac() {
    constexpr std::size_t length = 6;
    constexpr unsigned local = 0x02;
    constexpr unsigned multicast = 0x01;
    std::array<char, length> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw kernelError("getrandom", "for a MAC address", errno);
    bytes[0] = static_cast<char>((static_cast<unsigned char>(bytes[0]) | local) & ~multicast);
    return macText({bytes.data(), bytes.size()});
}

std::string macText(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        if (!text.empty())
            text += ':';
        text += digits[value >> 4U];
        text += digits[value & 0xfU];
    }
    return text;
}

std::string macBytes(std::string_view text) {
    constexpr std::size_t stride = 3; // "xx:"
    constexpr int hexadecimal = 16;
    const auto refuse = [&] { throw Error(Errc::InvalidArgument, quoted(text) + " is not a MAC address"); };
    if (!text.empty() && text.size() % stride != 2)
        refuse();
    std::string bytes;
    for (std::size_t at = 0; at < text.size(); at += stride) {
        const auto* const pair = text.data() + at;
        unsigned value = 0;
        const auto [end, error] = std::from_chars(pair, pair + 2, value, hexadecimal);
        if (error != std::errc() || end != pair + 2 || (at + 2 < text.size() && text[at + 2] != ':'))
            refuse();
        bytes += static_cast<char>(value);
    }
    return bytes;
}

} // namespace nsd
