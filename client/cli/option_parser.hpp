// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/cli/arguments.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::client {

// The option of this name, or the only one whose name begins like that: "--forc" is --force. Null where
// there is none.
[[nodiscard]] const Option* optionNamed(std::span<const Option> options, std::string_view name) noexcept;

enum class ReadTo {
    FirstWord, // what stands behind it is not ours to read
    End        // words and options may be mixed
};

// What on a line is no option.
struct Unread {
    std::vector<std::string> words;
    bool optionsEnded = false; // by a "--", which is not among the words
};

// Adds the options of a line to `arguments`. Throws UsageError for one that is unknown, has no value and
// needs one, or has one and takes none.
[[nodiscard]] Unread readOptions(
    std::span<const Option> options, const std::vector<std::string>& line, ReadTo to, Arguments& arguments);

} // namespace nsd::client
