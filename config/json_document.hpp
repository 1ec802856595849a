// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/problem.hpp"

#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace nsd {

// JSON with comments. What does not parse is one problem (with line and column) and a discarded
// value; a key that stands twice in one object is a problem each time, since a reader of the file
// sees the one and the program takes the other.
[[nodiscard]] nlohmann::json parseDocument(std::string_view text, std::vector<Problem>& problems);

// Whether more than `levels` objects and lists stand within each other. Functions that copy and write
// JSON call themselves, so that text from outside is asked for it first.
[[nodiscard]] bool isDeeper(const nlohmann::json& value, unsigned levels);

// One more step down a JSON pointer (RFC 6901), with its escapes.
[[nodiscard]] std::string pointerTo(std::string_view parent, std::string_view key);

} // namespace nsd
