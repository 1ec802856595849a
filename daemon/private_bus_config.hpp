// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace nsd {

// A D-Bus address of a socket, with the escapes of the D-Bus specification.
[[nodiscard]] std::string unixAddress(std::string_view path);
// The configuration of a dbus-daemon that listens there, with the rules of org.nsd1.conf and nothing
// else allowed.
[[nodiscard]] std::string privateBusConfig(std::string_view address);

} // namespace nsd
