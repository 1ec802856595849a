// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/uuid.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <sys/random.h>

namespace nsd {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

} // namespace

Uuid Uuid::random() {
    Uuid uuid;
    // Up to 256 bytes are never cut short or interrupted once the pool is ready (getrandom(2)).
    if (::getrandom(uuid.bytes_.data(), uuid.bytes_.size(), 0) != static_cast<ssize_t>(uuid.bytes_.size()))
        throw kernelError("getrandom", "for a UUID", errno);
    uuid.bytes_[6] = static_cast<std::uint8_t>((uuid.bytes_[6] & 0x0fU) | 0x40U);
    uuid.bytes_[8] = static_cast<std::uint8_t>((uuid.bytes_[8] & 0x3fU) | 0x80U);
    return uuid;
}

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
    Uuid uuid;
    if (text.size() != 2 * uuid.bytes_.size())
        return std::nullopt;
    for (std::size_t i = 0; i < uuid.bytes_.size(); ++i) {
        const auto high = digits.find(text[2 * i]);
        const auto low = digits.find(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return std::nullopt;
        uuid.bytes_.at(i) = static_cast<std::uint8_t>(high << 4U | low);
    }
    return uuid;
}

std::string Uuid::str() const {
    std::string text;
    text.reserve(2 * bytes_.size());
    for (const auto byte : bytes_) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xfU];
    }
    return text;
}

} // namespace nsd
