// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"

#include <string>
#include <string_view>

namespace nsd::dbus {

// The one table between Errc and the names of errors on the bus.
[[nodiscard]] std::string errorName(Errc code);

// An error that came over the bus, as ours. Names that no nsd sends but a bus or libsystemd does
// (NoReply, ServiceUnknown, Timeout …) are mapped to the nearest Errc, and their name begins the
// text, so that nothing is lost.
[[nodiscard]] Error errorFromBus(std::string_view name, std::string_view message);

} // namespace nsd::dbus
