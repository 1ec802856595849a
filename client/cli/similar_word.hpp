// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string_view>

namespace nsd::client {

// The word that was probably meant: at most two typing mistakes away (a letter too many, missing,
// wrong). Empty where none is that near.
[[nodiscard]] std::string_view similarWord(std::string_view word, std::span<const std::string_view> known);

} // namespace nsd::client
