// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

namespace nsd::dbus {

// What stands between <busconfig> and </busconfig> in org.nsd1.conf, taken from there by the build:
// the private bus lives by the same rules as the system bus.
[[nodiscard]] std::string_view busPolicy() noexcept;

} // namespace nsd::dbus
