// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/manual_page.hpp"

#include "tests/support/source_tree.hpp"

#include <algorithm>

namespace nsd::test {

ManualPage::ManualPage(const std::string& name) {
    std::string section;
    std::string heading;
    for (const auto& line : linesOf("docs/man/" + name + ".scd")) {
        text_ += line + "\n";
        if (line.starts_with("# ")) {
            heading = section = line.substr(2);
        } else if (line.starts_with("## ")) {
            heading = section + "/" + line.substr(3);
            headings_[section].push_back(line.substr(3));
        } else {
            sections_[heading].push_back(line);
        }
    }
}

ManualPage::Lines ManualPage::below(const std::string& heading) const {
    const auto found = sections_.find(heading);
    return found == sections_.end() ? Lines() : found->second;
}

ManualPage::Lines ManualPage::headingsIn(const std::string& section) const {
    const auto found = headings_.find(section);
    return found == headings_.end() ? Lines() : found->second;
}

ManualPage::Lines ManualPage::termsIn(const std::string& heading) const {
    Lines terms;
    const std::string lineBreak = "++";
    std::string before;
    for (const auto& line : below(heading)) {
        // A paragraph of text begins with a word, or with one in bold that is no term.
        if (line.starts_with('*') && (before.empty() || before.ends_with(lineBreak)))
            terms.push_back(line.ends_with(lineBreak) ? line.substr(0, line.size() - 2) : line);
        before = line;
    }
    return terms;
}

std::string ManualPage::definition(const std::string& heading, const std::string& term) const {
    std::string text;
    const auto lines = below(heading);
    auto at = std::find(lines.begin(), lines.end(), term);
    if (at == lines.end())
        return text;
    for (++at; at != lines.end() && (at->empty() || at->starts_with('\t')); ++at)
        text += *at + "\n";
    return text;
}

std::vector<std::string> manualPages() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(NSD_TEST_SOURCE_DIR "/docs/man"))
        if (entry.path().extension() == ".scd")
            names.push_back(entry.path().stem());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace nsd::test
