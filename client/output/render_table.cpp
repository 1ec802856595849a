// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/output/render.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <libsmartcols/libsmartcols.h>
#include <memory>
#include <utility>

namespace nsd::client {
namespace {

struct Unref {
    void operator()(libscols_table* table) const noexcept { scols_unref_table(table); }
    void operator()(char* text) const noexcept { ::free(text); } // NOLINT: malloc'ed by libsmartcols
};

using TablePtr = std::unique_ptr<libscols_table, Unref>;

bool hasColours(const TableStyle& style) {
    return style.width > 0 && ::getenv("NO_COLOR") == nullptr;
}

void check(bool good) {
    if (!good)
        throw kernelError("make", "a table", ENOMEM);
}

std::string upperCase(std::string text) {
    for (auto& c : text)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return text;
}

void addColumn(libscols_table* table, const Field& field, int treeFlag = 0) {
    const bool isNumber = field.isNumber ||
                          (std::holds_alternative<std::uint64_t>(field.value) && field.text.empty()) ||
                          std::holds_alternative<std::nullptr_t>(field.value);
    const bool isList = !isNumber && !std::holds_alternative<std::string>(field.value);
    // On a terminal that is too narrow the lists are cut first.
    const int flags = treeFlag != 0 ? treeFlag : isNumber ? SCOLS_FL_RIGHT : isList ? SCOLS_FL_TRUNC : 0;
    check(
        scols_table_new_column(table, upperCase(field.heading).c_str(), isList ? 0.1 : 0, flags) != nullptr);
}

libscols_line* addRow(
    libscols_table* table, const Record& record, bool colours, libscols_line* parent = nullptr) {
    auto* line = scols_table_new_line(table, parent);
    check(line != nullptr);
    std::size_t column = 0;
    for (const auto& field : record.fields) {
        if (field.heading.empty())
            continue;
        auto text = textOf(field);
        check(scols_line_set_data(line, column, (text.empty() ? "-" : text).c_str()) == 0);
        if (colours && field.alarming)
            scols_cell_set_color(scols_line_get_cell(line, column), "red");
        ++column;
    }
    return line;
}

// A table without columns and lines.
TablePtr makeTable(const TableStyle& style) {
    TablePtr table(scols_new_table());
    check(table != nullptr);
    scols_table_enable_noheadings(table.get(), style.legend ? 0 : 1);
    if (style.width > 0) {
        scols_table_set_termforce(table.get(), SCOLS_TERMFORCE_ALWAYS);
        scols_table_set_termwidth(table.get(), style.width);
        scols_table_enable_colors(table.get(), hasColours(style) ? 1 : 0);
    }
    return table;
}

std::string printed(libscols_table* table) {
    char* raw = nullptr;
    check(scols_print_table_to_string(table, &raw) == 0);
    const std::unique_ptr<char, Unref> owned(raw);
    std::string text = owned.get();
    if (text.empty() || text.back() != '\n') // differs between versions
        text += '\n';
    return text;
}

void addBranch(
    libscols_table* table, const std::vector<Record>& records, bool colours, libscols_line* parent) {
    for (const auto& record : records) {
        auto* line = addRow(table, record, colours, parent);
        for (const auto& field : record.fields)
            if (field.key == "children")
                addBranch(table, std::get<std::vector<Record>>(field.value), colours, line);
    }
}

} // namespace

std::string renderTable(const std::vector<Record>& records, const TableStyle& style) {
    if (records.empty())
        return {};
    const auto table = makeTable(style);
    for (const auto& field : records.front().fields)
        if (!field.heading.empty())
            addColumn(table.get(), field);
    for (const auto& record : records)
        addRow(table.get(), record, hasColours(style));
    return printed(table.get());
}

std::string renderTree(const std::vector<Record>& roots, const TableStyle& style) {
    if (roots.empty())
        return {};
    const auto table = makeTable(style);
    int flags = SCOLS_FL_TREE;
    for (const auto& field : roots.front().fields)
        if (!field.heading.empty())
            addColumn(table.get(), field, std::exchange(flags, 0));
    addBranch(table.get(), roots, hasColours(style), nullptr);
    return printed(table.get());
}

std::string renderDetails(const Record& record) {
    std::size_t widest = 0;
    for (const auto& field : record.fields)
        widest = std::max(widest, field.heading.size());
    std::string text;
    for (const auto& field : record.fields) {
        if (field.heading.empty())
            continue;
        std::string heading = field.heading + ": ";
        heading.insert(0, widest - field.heading.size(), ' ');
        for (const auto& line : linesOf(field)) {
            text += heading + (line.empty() ? "-" : line) + "\n";
            heading.assign(heading.size(), ' ');
        }
    }
    return text;
}

} // namespace nsd::client
