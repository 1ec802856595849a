// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/output/columns.hpp"

#include "client/cli/arguments.hpp"
#include "client/cli/values.hpp"
#include "common/quote.hpp"

#include <algorithm>

namespace nsd::client {
namespace {

const Field* find(const Record& record, std::string_view key) {
    const auto found = std::find_if(
        record.fields.begin(), record.fields.end(), [&](const Field& field) { return field.key == key; });
    return found == record.fields.end() ? nullptr : &*found;
}

} // namespace

Columns parseColumns(
    const std::optional<std::string>& given, const Record& record, std::span<const std::string_view> usual) {
    if (!given)
        return {usual.begin(), usual.end()};
    Columns all;
    std::string words;
    for (const auto& field : record.fields) {
        all.push_back(field.key);
        words += (words.empty() ? "" : ", ") + field.key;
    }
    if (*given == "all")
        return all;
    auto columns = split(*given, ',');
    for (const auto& column : columns)
        if (find(record, column) == nullptr)
            throw UsageError(quoted(column) + " is no column; the columns are " + words);
    return columns;
}

Record chosen(const Record& record, const Columns& columns) {
    Record part;
    for (const auto& column : columns)
        if (const auto* field = find(record, column))
            part.fields.push_back(*field);
    return part;
}

} // namespace nsd::client
