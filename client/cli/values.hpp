// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_spec.hpp"
#include "common/namespace_type.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The values of options, from text. All throw UsageError that names the text.
namespace nsd::client {

// A decimal number without sign, in its range.
[[nodiscard]] std::uint32_t parseNumber(std::string_view text, std::string_view what);

// At least one part; each may be empty.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

// "net,uts" or "all", also spread over several -t.
[[nodiscard]] NamespaceTypes parseTypes(const std::vector<std::string>& texts);

// "KEY=VALUE"; the value may be empty and have '=' in it, the key may not.
[[nodiscard]] std::pair<std::string, std::string> parseAssignment(std::string_view text);
[[nodiscard]] std::map<std::string, std::string> parseAssignments(const std::vector<std::string>& texts);

// "INSIDE:OUTSIDE:COUNT"
[[nodiscard]] IdRange parseIdRange(std::string_view text);
[[nodiscard]] std::vector<IdRange> parseIdRanges(const std::vector<std::string>& texts);

} // namespace nsd::client
