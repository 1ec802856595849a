// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nsd::test {

// One C++ file of the tree, for the tests that read the sources.
struct SourceFile {
    std::string path; // relative to the top: "daemon/core/registry.cpp"
    std::vector<std::string> lines;

    [[nodiscard]] std::string folder() const { return path.substr(0, path.rfind('/') + 1); }
    [[nodiscard]] bool isHeader() const { return path.ends_with(".hpp"); }
};

// Every .hpp and .cpp below the layers' folders, sorted by path.
[[nodiscard]] const std::vector<SourceFile>& sourceTree();
// A file of the tree by lines; `path` is relative to the top.
[[nodiscard]] std::vector<std::string> linesOf(const std::filesystem::path& path);

} // namespace nsd::test
