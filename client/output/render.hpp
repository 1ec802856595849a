// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/output/model.hpp"

#include <string>
#include <vector>

namespace nsd::client {

struct TableStyle {
    bool legend = true; // the line of headings
    unsigned width = 0; // of the terminal; 0: none, then nothing is cut and nothing is coloured
};

// One row for each record, as lsns does it. No records: nothing.
[[nodiscard]] std::string renderTable(const std::vector<Record>& records, const TableStyle& style);

// A tree: what stands in the field "children" of each is below it. The first column is the tree's.
[[nodiscard]] std::string renderTree(const std::vector<Record>& roots, const TableStyle& style);

// One line for each field ("   Owner: root"), more where it is a list.
[[nodiscard]] std::string renderDetails(const Record& record);

// With a newline at the end; pretty: indented.
[[nodiscard]] std::string renderJson(const std::vector<Record>& records, bool pretty);
[[nodiscard]] std::string renderJson(const Record& record, bool pretty);

} // namespace nsd::client
