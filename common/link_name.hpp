// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <compare>
#include <string>

namespace nsd {

// A name that a link can be given: 1 to 15 bytes of UTF-8 without '/', ':', '%', white space and control
// characters, and not ".", "..", "all" or "default", which name other things below /proc/sys/net.
class LinkName {
  public:
    // Throws Error{InvalidArgument} that says what is wrong with which value.
    explicit LinkName(std::string text);

    [[nodiscard]] const std::string& str() const noexcept { return text_; }
    friend auto operator<=>(const LinkName&, const LinkName&) noexcept = default;

  private:
    std::string text_;
};

} // namespace nsd
