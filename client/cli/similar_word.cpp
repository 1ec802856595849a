// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/similar_word.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace nsd::client {
namespace {

// Levenshtein's distance, row by row.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

} // namespace

std::string_view similarWord(std::string_view word, std::span<const std::string_view> known) {
    constexpr std::size_t mostMistakes = 2;
    std::string_view best;
    std::size_t least = std::min(mostMistakes, word.size() / 2) + 1;
    for (const auto candidate : known) {
        const auto mistakes = distance(word, candidate);
        if (mistakes < least) {
            least = mistakes;
            best = candidate;
        }
    }
    return best;
}

} // namespace nsd::client
