// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nsd {

// What a namespace is for ever, whatever its name: 128 random bits (RFC 4122, version 4), written
// as 32 lower-case hex digits as in its object path and its staging directory.
class Uuid {
  public:
    // From getrandom(2); throws Error{KernelError} where there is no randomness.
    [[nodiscard]] static Uuid random();
    // 32 lower-case hex digits, nothing else.
    [[nodiscard]] static std::optional<Uuid> parse(std::string_view text) noexcept;

    [[nodiscard]] std::string str() const;
    friend auto operator<=>(const Uuid&, const Uuid&) noexcept = default;

  private:
    std::array<std::uint8_t, 16> bytes_{};
};

} // namespace nsd
