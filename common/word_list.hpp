// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

// Lists of texts, as they come from outside and go to people.
namespace nsd {

[[nodiscard]] inline std::string joined(const std::vector<std::string>& words, std::string_view separator) {
    std::string text;
    for (const auto& word : words)
        text.append(text.empty() ? "" : separator).append(word);
    return text;
}

[[nodiscard]] inline bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace nsd
