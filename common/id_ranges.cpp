// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/id_ranges.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <charconv>

namespace nsd {
namespace {

std::optional<std::uint32_t> takeNumber(std::string_view& text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::uint32_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

constexpr bool covers(std::uint32_t first, std::uint32_t count, std::uint32_t id) noexcept {
    return id >= first && id - first < count;
}

} // namespace

std::vector<IdRange> defaultIdMap(const NamespaceSpec& spec, std::uint32_t id) {
    constexpr std::uint32_t allIds = 65536;
    if (spec.mapRoot)
        return {{0, id, 1}};
    if (spec.owner.value_or(0) != 0)
        return {{id, id, 1}};
    return {{0, 0, allIds}};
}

std::vector<IdRange> parseIdMap(std::string_view text) {
    std::vector<IdRange> map;
    while (!text.empty()) {
        const auto length = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, length);
        text.remove_prefix(std::min(length + 1, text.size()));
        const auto inside = takeNumber(line);
        const auto outside = takeNumber(line);
        const auto count = takeNumber(line);
        if (!inside || !outside || !count || !line.empty())
            throw Error(Errc::KernelError, "the id map of the user namespace cannot be read");
        map.push_back({*inside, *outside, *count});
    }
    return map;
}

bool isInside(const std::vector<IdRange>& map, std::uint32_t id) noexcept {
    return std::any_of(
        map.begin(), map.end(), [&](const IdRange& range) { return covers(range.inside, range.count, id); });
}

std::optional<std::uint32_t> outsideOf(const std::vector<IdRange>& map, std::uint32_t inside) noexcept {
    constexpr std::uint32_t none = -1; // what is not mapped where the map was read
    for (const auto& range : map)
        if (covers(range.inside, range.count, inside) && range.outside != none)
            return range.outside + (inside - range.inside);
    return std::nullopt;
}

std::optional<std::uint32_t> insideOf(const std::vector<IdRange>& map, std::uint32_t outside) noexcept {
    for (const auto& range : map)
        if (covers(range.outside, range.count, outside))
            return range.inside + (outside - range.outside);
    return std::nullopt;
}

std::string describeIdMap(const std::vector<IdRange>& map) {
    std::string text;
    for (const auto& range : map) {
        text += (text.empty() ? "" : ", ") + std::to_string(range.inside);
        if (range.count > 1)
            text += "-" + std::to_string(range.inside + (range.count - 1));
    }
    return text.empty() ? "nothing" : text;
}

} // namespace nsd
