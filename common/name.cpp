// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/name.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <utility>

namespace nsd {
namespace {

constexpr std::size_t maxLength = 63;

// isalnum(3) asks the locale; a name must not.
constexpr bool isAlnum(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string_view complaint(std::string_view text) noexcept {
    if (text.empty())
        return "a name must not be empty";
    if (text.size() > maxLength)
        return "a name has at most 63 characters";
    if (!isAlnum(text.front()))
        return "a name begins with a letter or a digit";
    if (!std::all_of(
            text.begin(), text.end(), [](char c) { return isAlnum(c) || c == '_' || c == '.' || c == '-'; }))
        return "a name has only letters, digits, '_', '.' and '-'";
    if (text.find("..") != std::string_view::npos)
        return "a name must not have '..' in it";
    return {};
}

} // namespace

bool Name::isValid(std::string_view text) noexcept {
    return complaint(text).empty();
}

Name::Name(std::string text) : text_(std::move(text)) {
    if (const auto why = complaint(text_); !why.empty())
        throw Error(Errc::InvalidName, quoted(text_) + " is not a namespace name: " + std::string(why));
}

} // namespace nsd
