// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nsd {

// Text that came from somebody else, safe for a log line and an error: in double quotes, control
// characters, quotes, backslashes and invalid UTF-8 as \xNN, cut with an ellipsis after
// `maxBytes` bytes.
[[nodiscard]] std::string quoted(std::string_view text, std::size_t maxBytes = 100);
// For a std::string, argument-dependent lookup would prefer std::quoted wherever some header brings
// <iomanip> along, unless these fit as well; the last one is for literals, which would fit two.
[[nodiscard]] inline std::string quoted(const std::string& text, std::size_t maxBytes = 100) {
    return quoted(std::string_view(text), maxBytes);
}
[[nodiscard]] inline std::string quoted(std::string& text, std::size_t maxBytes = 100) {
    return quoted(std::string_view(text), maxBytes);
}
[[nodiscard]] inline std::string quoted(const char* text, std::size_t maxBytes = 100) {
    return quoted(std::string_view(text), maxBytes);
}

// Whether the bytes are well-formed UTF-8 (no overlong forms, no surrogates).
[[nodiscard]] bool isUtf8(std::string_view text) noexcept;
// Whether a control character (C0, DEL, or C1 written in UTF-8) is among them.
[[nodiscard]] bool hasControlCharacters(std::string_view text) noexcept;

} // namespace nsd
