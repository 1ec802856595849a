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

// One more step down a JSON pointer (RFC 6901), with its escapes.
[[nodiscard]] std::string pointerTo(std::string_view parent, std::string_view key);

} // namespace nsd
