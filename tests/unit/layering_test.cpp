// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Every #include of the tree against the table of layers in docs/architecture.md.
#include "tests/support/source_tree.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

namespace nsd::test {
namespace {

struct Layer {
    std::string folder;
    std::set<std::string> folders;
    std::set<std::string> libraries;
};

// How the headers of a library begin. A header in <> that begins with none of these is the standard
// library's, libc's or the kernel's.
const std::map<std::string, std::string> libraryPrefixes{
    {"sdbus-c++/", "sdbus-c++"},
    {"systemd/", "libsystemd"},
    {"nlohmann/", "nlohmann"},
    {"spdlog/", "spdlog"},
    {"fmt/", "spdlog"},
    {"CLI/", "CLI11"},
    {"libsmartcols/", "libsmartcols"},
    {"gtest/", "gtest"},
    {"gmock/", "gtest"},
    {"benchmark/", "benchmark"},
    {"netlink/", "libnl"},
    {"seccomp.h", "seccomp"},
};

std::vector<std::string> cellsOf(const std::string& row) {
    std::vector<std::string> cells;
    std::istringstream text(row.substr(row.find('|') + 1));
    for (std::string cell; std::getline(text, cell, '|');)
        cells.push_back(cell);
    return cells;
}

std::set<std::string> wordsOf(std::string cell) {
    std::erase(cell, '`');
    std::istringstream words(cell);
    return {std::istream_iterator<std::string>(words), {}};
}

// Rows look like: | `config/` | what it holds | `common/` | nlohmann |
std::vector<Layer> readLayers() {
    std::vector<Layer> layers;
    for (const auto& line : linesOf("docs/architecture.md")) {
        if (!line.starts_with("| `"))
            continue;
        const auto cells = cellsOf(line);
        Layer layer{*wordsOf(cells.at(0)).begin(), wordsOf(cells.at(2)), wordsOf(cells.at(3))};
        layer.folders.insert(layer.folder);
        layers.push_back(std::move(layer));
    }
    return layers;
}

// The most specific layer that a path lies in.
const Layer* layerOf(const std::vector<Layer>& layers, const std::string& path) {
    const Layer* best = nullptr;
    for (const auto& layer : layers) {
        if (path.starts_with(layer.folder) && (best == nullptr || layer.folder.size() > best->folder.size()))
            best = &layer;
    }
    return best;
}

struct Include {
    std::string header;
    bool ours = false;
};

std::optional<Include> includeIn(const std::string& line) {
    static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::smatch match;
    if (!std::regex_search(line, match, pattern))
        return std::nullopt;
    return Include{match[2], match[1] == "\""};
}

std::string libraryOf(const std::string& header) {
    for (const auto& [prefix, library] : libraryPrefixes) {
        if (header.starts_with(prefix))
            return library;
    }
    return {};
}

// A row may name a folder with all that is below it, as that of the tests does.
bool allows(const Layer& layer, const std::vector<Layer>& layers, const std::string& header) {
    if (header.starts_with("generated/"))
        return layer.folders.contains("generated/");
    const auto* target = layerOf(layers, header);
    if (target == nullptr)
        return false;
    return layer.folders.contains(target->folder) ||
           (layer.folder == "tests/" && layer.folders.contains(header.substr(0, header.find('/') + 1)));
}

std::vector<std::string> violations(const std::vector<Layer>& layers, const SourceFile& file) {
    const auto* layer = layerOf(layers, file.path);
    if (layer == nullptr)
        return {file.path + ": lies in no layer of docs/architecture.md"};
    std::vector<std::string> found;
    for (const auto& line : file.lines) {
        const auto include = includeIn(line);
        if (!include)
            continue;
        const auto library = include->ours ? std::string() : libraryOf(include->header);
        if (include->ours ? !allows(*layer, layers, include->header)
                          : !library.empty() && !layer->libraries.contains(library))
            found.push_back(
                file.path + " includes " + include->header + ", which " + layer->folder + " may not");
    }
    return found;
}

std::vector<std::string> violationsOf(const std::string& path, const std::string& line) {
    return violations(readLayers(), {path, {line}});
}

TEST(Layering, EveryIncludeIsInTheTable) {
    const auto layers = readLayers();
    ASSERT_GE(layers.size(), 12U);
    for (const auto& file : sourceTree()) {
        for (const auto& violation : violations(layers, file))
            ADD_FAILURE() << violation;
    }
}

TEST(Layering, TheCoreDoesNotKnowHowNamespacesAreMade) {
    static const std::set<std::string> banned{"sched.h", "sys/mount.h", "linux/sched.h"};
    for (const auto& file : sourceTree()) {
        if (!file.path.starts_with("daemon/core/"))
            continue;
        for (const auto& line : file.lines) {
            const auto include = includeIn(line);
            EXPECT_FALSE(include && banned.contains(include->header)) << file.path << ": " << line;
        }
    }
}

TEST(Layering, RefusesWhatTheTableDoesNotAllow) {
    EXPECT_EQ(violationsOf("common/x.cpp", "#include \"dbus/names.hpp\"").size(), 1U);
    EXPECT_EQ(violationsOf("client/x.cpp", "#include \"daemon/core/kernel.hpp\"").size(), 1U);
    EXPECT_EQ(violationsOf("daemon/core/x.cpp", "#include <sdbus-c++/sdbus-c++.h>").size(), 1U);
    EXPECT_EQ(violationsOf("daemon/core/x.cpp", "#  include   <systemd/sd-bus.h>").size(), 1U);
    EXPECT_EQ(violationsOf("daemon/worker/x.cpp", "#include \"daemon/core/kernel.hpp\"").size(), 1U);
    EXPECT_EQ(violationsOf("daemon/kernel/x.cpp", "#include \"daemon/x.hpp\"").size(), 1U);
    EXPECT_EQ(violationsOf("tools/x.cpp", "#include <vector>").size(), 1U);
    EXPECT_EQ(violationsOf("daemon/bus/x.cpp", "#include \"x.hpp\"").size(), 1U);
}

TEST(Layering, AllowsWhatTheTableAllows) {
    EXPECT_TRUE(violationsOf("daemon/kernel/x.cpp", "#include \"daemon/core/kernel.hpp\"").empty());
    EXPECT_TRUE(violationsOf("daemon/main.cpp", "#include \"daemon/bus/context.hpp\"").empty());
    EXPECT_TRUE(violationsOf("tests/unit/x.cpp", "#include \"daemon/core/kernel.hpp\"").empty());
    EXPECT_TRUE(violationsOf("common/x.cpp", "#include <sched.h>").empty());
}

} // namespace
} // namespace nsd::test
