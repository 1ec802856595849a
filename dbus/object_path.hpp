// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/uuid.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nsd::dbus {

// The object of a namespace for ever, whatever its name: /org/nsd1/namespace/<32 hex digits>.
[[nodiscard]] std::string objectPath(const Uuid& uuid);
// The way back; empty for every other path.
[[nodiscard]] std::optional<Uuid> uuidFromObjectPath(std::string_view path) noexcept;

// The object of a command that Exec started: /org/nsd1/process/<number>.
[[nodiscard]] std::string processPath(std::uint64_t number);

} // namespace nsd::dbus
