// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nsd::test {

// A command in a document, and what the document says that it prints.
struct DocExample {
    std::string command;
    std::string output;
};

// The commands in the ```console blocks of a document: "$ " begins one, the lines up to the next one are
// what it prints. `document`: relative to the tree.
[[nodiscard]] std::vector<DocExample> examplesIn(const std::filesystem::path& document);
// Without what differs from one run to the next: UUIDs, numbers, how wide a column is.
[[nodiscard]] std::string comparable(std::string text);
[[nodiscard]] std::string replaced(std::string text, const std::string& from, const std::string& to);

} // namespace nsd::test
