// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/output/model.hpp"
#include "common/word_list.hpp"

#include <array>
#include <ctime>

namespace nsd::client {
namespace {

struct Lines {
    std::vector<std::string> operator()(const std::string& value) const { return {value}; }
    std::vector<std::string> operator()(std::nullptr_t) const { return {""}; }
    std::vector<std::string> operator()(std::uint64_t value) const { return {std::to_string(value)}; }
    std::vector<std::string> operator()(const std::vector<std::string>& value) const {
        return {joined(value, ",")};
    }

    std::vector<std::string> operator()(const std::map<std::string, std::string>& value) const {
        std::vector<std::string> lines;
        lines.reserve(value.size());
        for (const auto& [key, text] : value)
            lines.emplace_back(key).append("=").append(text);
        return lines;
    }

    std::vector<std::string> operator()(const std::map<std::string, std::uint64_t>& value) const {
        std::vector<std::string> lines;
        lines.reserve(value.size());
        for (const auto& [key, number] : value)
            lines.emplace_back(key).append("=").append(std::to_string(number));
        return lines;
    }

    std::vector<std::string> operator()(const std::vector<Record>& value) const {
        std::vector<std::string> lines;
        lines.reserve(value.size());
        for (const auto& record : value) {
            std::string line;
            for (const auto& field : record.fields)
                line.append(line.empty() ? "" : " ").append(textOf(field));
            lines.push_back(std::move(line));
        }
        return lines;
    }
};

} // namespace

std::vector<std::string> linesOf(const Field& field) {
    auto lines = field.text.empty() ? std::visit(Lines(), field.value) : std::vector{field.text};
    if (lines.empty())
        lines.emplace_back();
    return lines;
}

std::string textOf(const Field& field) {
    return joined(linesOf(field), ",");
}

std::string timeText(std::uint64_t microseconds) {
    const auto seconds = static_cast<std::time_t>(microseconds / 1'000'000);
    std::tm local{};
    std::array<char, 32> text{};
    if (::localtime_r(&seconds, &local) == nullptr ||
        std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local) == 0)
        return std::to_string(microseconds);
    return text.data();
}

} // namespace nsd::client
