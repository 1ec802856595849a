// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/core/create_request.hpp"

#include <algorithm>

namespace nsd {
namespace {

constexpr std::size_t maxLabels = 64;
constexpr std::size_t maxKey = 64;
constexpr std::size_t maxValue = 256;

constexpr bool isKeyCharacter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '/' || c == '-';
}

void checkKey(const std::string& key) {
    if (key.empty())
        throw Error(Errc::InvalidArgument, "a label's key must not be empty");
    if (key.size() > maxKey)
        throw Error(Errc::InvalidArgument, "the label key " + quoted(key) + " has " +
                                               std::to_string(key.size()) + " characters; at most " +
                                               std::to_string(maxKey) + " are allowed");
    if (!std::all_of(key.begin(), key.end(), isKeyCharacter))
        throw Error(Errc::InvalidArgument,
            "the label key " + quoted(key) + " has more than letters, digits, '.', '_', '/' and '-' in it");
}

void checkValue(const std::string& key, const std::string& value) {
    const auto complain = [&](const std::string& why) {
        throw Error(Errc::InvalidArgument, "the value " + quoted(value) + " of label " + quoted(key) + why);
    };
    if (value.size() > maxValue)
        complain(" has " + std::to_string(value.size()) + " bytes; at most " + std::to_string(maxValue) +
                 " are allowed");
    if (!isUtf8(value))
        complain(" is not UTF-8");
    if (hasControlCharacters(value))
        complain(" has control characters in it");
}

} // namespace

void validateLabels(const Labels& labels) {
    if (labels.size() > maxLabels)
        throw Error(Errc::InvalidArgument, std::to_string(labels.size()) + " labels were given; at most " +
                                               std::to_string(maxLabels) + " are allowed");
    for (const auto& [key, value] : labels) {
        checkKey(key);
        checkValue(key, value);
    }
}

} // namespace nsd
