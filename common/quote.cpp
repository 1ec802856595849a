// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/quote.hpp"

#include <array>
#include <cstdint>

namespace nsd {
namespace {

// The length of the well-formed UTF-8 sequence at the front, 0 where there is none.
std::size_t sequenceLength(std::string_view text) noexcept {
    const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byteAt(0);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length)
        return 0;
    std::uint32_t codePoint = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(i) & 0xc0U) != 0x80)
            return 0;
        codePoint = codePoint << 6U | (byteAt(i) & 0x3fU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    return codePoint < least.at(length) || codePoint > 0x10ffff || surrogate ? 0 : length;
}

bool isControl(std::string_view sequence) noexcept {
    const auto lead = static_cast<unsigned char>(sequence[0]);
    if (sequence.size() == 1)
        return lead < 0x20 || lead == 0x7f;
    return lead == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
}

void appendEscaped(std::string& out, std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        out += "\\x";
        out += digits[value >> 4U];
        out += digits[value & 0xfU];
    }
}

} // namespace

std::string quoted(std::string_view text, std::size_t maxBytes) {
    std::string out = "\"";
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = sequenceLength(text.substr(at));
        const auto sequence = text.substr(at, length == 0 ? 1 : length);
        if (at + sequence.size() > maxBytes)
            break;
        if (length == 0 || isControl(sequence) || sequence == "\"" || sequence == "\\")
            appendEscaped(out, sequence);
        else
            out += sequence;
        at += sequence.size();
    }
    return out + (at < text.size() ? "…\"" : "\"");
}

bool isUtf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

bool hasControlCharacters(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        const auto sequence = text.substr(0, length == 0 ? 1 : length);
        if (isControl(sequence))
            return true;
        text.remove_prefix(sequence.size());
    }
    return false;
}

} // namespace nsd
