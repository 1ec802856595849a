// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/problem.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace nsd {

// What the reader of one key sees: the value, where it stands, and how to complain. The value and the
// problems are somebody else's.
struct JsonField {
    const nlohmann::json& value;
    std::vector<Problem>& problems;
    std::string pointer;

    // "must be EXPECTED, not VALUE"
    void wrong(const std::string& expected) const;
    void complain(Problem::Severity severity, std::string text) const;
    [[nodiscard]] JsonField child(const std::string& key, const nlohmann::json& childValue) const;

    // Each complains and answers nothing where the value is another one.
    [[nodiscard]] std::optional<std::string> text() const;
    [[nodiscard]] std::optional<bool> flag() const;
    [[nodiscard]] std::optional<std::int64_t> number() const;
    [[nodiscard]] std::optional<std::uint32_t> id() const;
    [[nodiscard]] std::optional<std::map<std::string, std::string>> texts() const;
};

} // namespace nsd
