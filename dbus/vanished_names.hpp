// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <functional>
#include <string>

namespace nsd::dbus {

// Calls `vanished` with each name that nobody has any more, as the bus says it (NameOwnerChanged), until
// the slot goes. Waits for the bus, as addMatch does. `vanished` must not throw.
[[nodiscard]] sdbus::Slot onVanished(
    sdbus::IConnection& connection, std::function<void(const std::string& name)> vanished);

} // namespace nsd::dbus
