// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/doc_examples.hpp"

#include "tests/support/source_tree.hpp"

#include <regex>

namespace nsd::test {

std::vector<DocExample> examplesIn(const std::filesystem::path& document) {
    std::vector<DocExample> examples;
    bool inside = false;
    for (const auto& line : linesOf(document)) {
        if (line.starts_with("```"))
            inside = line == "```console";
        else if (inside && line.starts_with("$ "))
            examples.push_back({line.substr(2), ""});
        else if (inside)
            examples.back().output += line + "\n";
    }
    return examples;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

std::string comparable(std::string text) {
    text = std::regex_replace(text, std::regex("[0-9a-f]{32}"), "UUID");
    text = std::regex_replace(text, std::regex("[0-9]+"), "N");
    text = std::regex_replace(text, std::regex("[ \t]+"), " ");
    return std::regex_replace(text, std::regex(" +\n"), "\n");
}

} // namespace nsd::test
