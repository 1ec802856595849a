// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_spec.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// uid_map and gid_map of a user namespace, as /proc shows them.
namespace nsd {

// The map where none was asked for: of somebody's namespace, 0 with map-root, else the id itself onto
// `id`, the owner's uid or primary gid; of root's, all ids of a 16-bit system onto themselves.
[[nodiscard]] std::vector<IdRange> defaultIdMap(const NamespaceSpec& spec, std::uint32_t id);

// Lines of three numbers. Throws Error{KernelError} for any other text.
[[nodiscard]] std::vector<IdRange> parseIdMap(std::string_view text);
// Whether an id exists inside.
[[nodiscard]] bool isInside(const std::vector<IdRange>& map, std::uint32_t id) noexcept;
// How an id of the inside is called outside; empty where it does not exist inside, or has no number outside.
[[nodiscard]] std::optional<std::uint32_t> outsideOf(
    const std::vector<IdRange>& map, std::uint32_t inside) noexcept;
// How an id of the outside is called inside; empty where it is not mapped.
[[nodiscard]] std::optional<std::uint32_t> insideOf(
    const std::vector<IdRange>& map, std::uint32_t outside) noexcept;
// "0-65535, 100000": what exists inside.
[[nodiscard]] std::string describeIdMap(const std::vector<IdRange>& map);

} // namespace nsd
