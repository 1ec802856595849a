// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/id_map_rules.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <unistd.h>

namespace nsd {
namespace {

constexpr std::size_t maxLines = 340; // UID_GID_MAP_MAX_EXTENTS

std::string textOf(const IdRange& range) {
    return std::to_string(range.inside) + ' ' + std::to_string(range.outside) + ' ' +
           std::to_string(range.count);
}

[[noreturn]] void complain(std::string_view option, const std::string& why) {
    throw Error(Errc::InvalidArgument, std::string(option) + ": " + why);
}

void checkLine(std::string_view option, const IdRange& range) {
    // 4294967295 is "no id" to every system call, so that a range ends before it.
    constexpr auto noId = std::numeric_limits<std::uint32_t>::max();
    if (range.count == 0)
        complain(option, "the line \"" + textOf(range) + "\" maps no id; the count is at least 1");
    for (const auto first : {range.inside, range.outside})
        if (range.count > noId - first)
            complain(option, "the line \"" + textOf(range) + "\" goes beyond the last id, 4294967294");
}

void checkOverlap(
    std::string_view option, std::vector<IdRange> map, std::uint32_t IdRange::*first, std::string_view side) {
    std::sort(
        map.begin(), map.end(), [first](const IdRange& a, const IdRange& b) { return a.*first < b.*first; });
    const auto overlapping = std::adjacent_find(map.begin(), map.end(),
        [first](const IdRange& a, const IdRange& b) { return b.*first - a.*first < a.count; });
    if (overlapping != map.end())
        complain(option, "the lines \"" + textOf(*overlapping) + "\" and \"" + textOf(*(overlapping + 1)) +
                             "\" overlap " + std::string(side));
}

void checkSize(std::string_view option, const std::vector<IdRange>& map) {
    std::size_t size = 0;
    for (const auto& range : map)
        size += textOf(range).size() + 1;
    // A map is one write(2) of less than a page.
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    if (size >= page)
        complain(option, "the map is " + std::to_string(size) +
                             " bytes as the kernel reads it, and must be " + "less than a page (" +
                             std::to_string(page) + ")");
}

} // namespace

void validateIdMap(std::string_view option, const std::vector<IdRange>& map) {
    if (map.size() > maxLines)
        complain(option,
            std::to_string(map.size()) + " lines; at most " + std::to_string(maxLines) + " are allowed");
    for (const auto& range : map)
        checkLine(option, range);
    checkOverlap(option, map, &IdRange::inside, "inside");
    checkOverlap(option, map, &IdRange::outside, "outside");
    checkSize(option, map);
}

} // namespace nsd
