// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/output/model.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::client {

// Which fields of a record a table shows, by their keys and in this order.
using Columns = std::vector<std::string>;

// What -o was given ("name,uuid" or "all"), else the usual ones. Throws UsageError that lists the keys of
// `record` where one is not among them.
[[nodiscard]] Columns parseColumns(
    const std::optional<std::string>& given, const Record& record, std::span<const std::string_view> usual);

// These fields of it.
[[nodiscard]] Record chosen(const Record& record, const Columns& columns);

} // namespace nsd::client
