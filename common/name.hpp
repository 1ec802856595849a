// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace nsd {

// The name of a namespace: [A-Za-z0-9][A-Za-z0-9_.-]{0,62}, without "..". It is a file name below
// the pins' directory, so this class is the only way from a client's string to a path.
class Name {
  public:
    // Throws Error{InvalidName} that says what is wrong with which value.
    explicit Name(std::string text);

    [[nodiscard]] const std::string& str() const noexcept { return text_; }
    [[nodiscard]] static bool isValid(std::string_view text) noexcept;
    friend auto operator<=>(const Name&, const Name&) noexcept = default;

  private:
    std::string text_;
};

} // namespace nsd
