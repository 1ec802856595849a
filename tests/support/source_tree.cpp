// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/source_tree.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace nsd::test {

namespace {

const std::filesystem::path top = NSD_TEST_SOURCE_DIR;

std::vector<SourceFile> readTree() {
    std::vector<SourceFile> files;
    for (const auto* layer : {"client", "common", "config", "daemon", "dbus", "systemd", "tests"}) {
        if (!std::filesystem::exists(top / layer))
            continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(top / layer)) {
            const auto extension = entry.path().extension();
            if (extension == ".hpp" || extension == ".cpp") {
                const auto path = std::filesystem::relative(entry.path(), top);
                files.push_back({path.string(), linesOf(path)});
            }
        }
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
}

} // namespace

const std::vector<SourceFile>& sourceTree() {
    static const auto files = readTree();
    return files;
}

std::vector<std::string> linesOf(const std::filesystem::path& path) {
    std::ifstream file(top / path);
    if (!file)
        throw std::runtime_error("cannot read " + path.string());
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

} // namespace nsd::test
